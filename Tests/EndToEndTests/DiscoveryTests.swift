// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.server("--dev"))
struct `Discovery` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    static let documents = [
        "/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
    ]

    @Test func `publishes the public half of the signing key and nothing more`() throws {
        let reply = try server.get("/.well-known/jwks.json")
        expectUsualFields(reply)
        #expect(reply["content-type"] == "application/jwk-set+json")
        let keys = try JSONObject(reply.body).objects("keys")
        #expect(keys.count == 1)
        let key = try #require(keys.first)
        #expect(key.names == ["kty", "use", "alg", "kid", "n", "e"])
        #expect(try key.string("kty") == "RSA")
        #expect(try key.string("use") == "sig")
        #expect(try key.string("alg") == "RS256")
        #expect(try key.string("e") == "AQAB")
        let modulus = try AccessToken.decode(key.string("n"))
        #expect(modulus.count == 256)
        #expect(modulus.first ?? 0 >= 0x80, "2048 bits, without a leading zero (RFC 7518 §6.3.1.1)")
    }

    @Test func `describes the server by the issuer of its tokens`() throws {
        let metadata = try JSONObject(try server.get("/.well-known/oauth-authorization-server").body)
        let issuer = try server.logInAlice().claims.string("iss")
        #expect(issuer == "http://localhost:\(server.port)")
        #expect(try metadata.string("issuer") == issuer)
        #expect(try metadata.string("jwks_uri") == issuer + "/.well-known/jwks.json")
        #expect(try metadata.strings("response_types_supported") == ["none"])
    }

    @Test func `never names an endpoint that does not exist`() throws {
        for path in Self.documents.dropFirst() {
            let metadata = try JSONObject(try server.get(path).body)
            for name in metadata.names where name.hasSuffix("_endpoint") || name == "jwks_uri" {
                let url = try #require(URL(string: try metadata.string(name)))
                #expect(try server.get(url.path).status != 404, "\(name)")
            }
        }
    }

    @Test func `is the same by the name of OpenID, with the members that OpenID asks for`() throws {
        let reply = try server.get("/.well-known/openid-configuration")
        expectUsualFields(reply)
        #expect(reply["content-type"] == "application/json")
        let openID = try JSONObject(reply.body)
        let plain = try JSONObject(try server.get("/.well-known/oauth-authorization-server").body)
        #expect(plain.names.isSubset(of: openID.names))
        #expect(try openID.string("issuer") == plain.string("issuer"))
        #expect(try openID.string("jwks_uri") == plain.string("jwks_uri"))
        #expect(try openID.strings("subject_types_supported") == ["public"])
        #expect(try openID.strings("id_token_signing_alg_values_supported").contains("RS256"))
    }

    @Test func `never believes the Host of a request`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        let reply = try connection.reply()
        #expect(!reply.text.contains("evil.example"))
        if reply.status == 200 {
            #expect(try JSONObject(reply.body).string("issuer") == "http://localhost:\(server.port)")
        } else {
            try expectProblem(reply, 421, "misdirected_request")
        }
    }

    @Test(arguments: documents)
    func `can be cached, and checked for change`(path: String) throws {
        let first = try server.get(path)
        #expect(first.status == 200)
        let caching = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
        #expect(first["cache-control"] == caching)
        let tag = try #require(first["etag"])
        #expect(tag.wholeMatch(of: /"[\x21\x23-\x5B\x5D-\x7E]+"/) != nil, "a strong entity tag: \(tag)")

        for condition in [tag, "W/" + tag, "*", "\"other\", " + tag] {
            let again = try server.get(path, fields: ["If-None-Match: \(condition)"])
            expectUsualFields(again)
            #expect(again.status == 304, "\(condition)")
            #expect(again["etag"] == tag)
            #expect(again["cache-control"] == caching)
        }
        for condition in ["\"other\"", tag.replacing("\"", with: ""), "\"\(tag.dropFirst().dropLast())x\""] {
            #expect(try server.get(path, fields: ["If-None-Match: \(condition)"]).status == 200, "\(condition)")
        }
    }

    @Test(arguments: documents)
    func `is open to every origin, without credentials`(path: String) throws {
        for fields in [[], ["Origin: https://anywhere.example"], ["Origin: null"]] {
            let reply = try server.get(path, fields: fields)
            #expect(reply["access-control-allow-origin"] == "*")
            #expect(reply["access-control-allow-credentials"] == nil)
        }
    }

    @Test func `leads to nothing private`() throws {
        for path in Self.documents {
            let text = try server.get(path).text
            for name in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "PRIVATE"] {
                #expect(!text.contains(name), "\(name) in \(path)")
            }
        }
    }
}
