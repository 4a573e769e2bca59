// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardBase
import LanyardCoding
import LanyardCrypto
import LanyardHTTP
import LanyardProgram
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `Tokens on the command line` {
    let program: Program
    let key: PrivateKey

    init() throws {
        program = try Program()
        key = try PrivateKey.generate(.es256, rsaBits: 2_048)
    }

    /// Signs a token that is good for a minute.
    private func token(
        issuer: String, type: String = "at+jwt", lifetime: Int64 = 60, audience: String = "feeds"
    ) throws -> String {
        let now = SystemClock.now().seconds
        let header: JSONValue = [
            "alg": "ES256", "kid": .string(try JSONWebKey(key.publicKey).thumbprint), "typ": .string(type),
        ]
        let claims: JSONValue = [
            "iss": .string(issuer), "sub": "s", "aud": .string(audience), "iat": .number(JSONNumber(now)),
            "exp": .number(JSONNumber(now + lifetime)), "jti": "j", "client_id": "lanyard",
        ]
        let message = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
        return message + "." + Base64URL.encode(try key.sign(Array(message.utf8)))
    }

    private func keySet() throws -> [UInt8] { KeySet([try JSONWebKey(key.publicKey)]).json }

    @Test func `are shown as they are`() throws {
        let token = try token(issuer: "https://i", lifetime: -9_999)
        let argument = try program.run(["token", "decode", token])
        let piped = try program.run(["token", "decode", "-"], input: "\n \(token) \r\n")
        #expect(argument.status == 0 && argument == piped)
        let object = try JSONObject(parsing: Array(argument.output.utf8.dropLast()))
        #expect(object.members.map(\.name) == ["header", "claims"])
        #expect(object["header"]?.object?["typ"]?.string == "at+jwt")
        #expect(object["claims"]?.object?["iss"]?.string == "https://i")
    }

    @Test func `are verified with a key set from a file`() throws {
        let file = try program.folder.write(String(decoding: try keySet(), as: UTF8.self), to: "jwks.json")
        func verify(_ token: String, _ more: [String] = []) throws -> Program.End {
            try program.run(["token", "verify", "-", "--jwks", file] + more, input: token)
        }
        let good = try verify(token(issuer: "https://i"), ["--audience", "feeds"])
        #expect(good.status == 0 && good.errors.isEmpty)
        #expect(try JSONObject(parsing: Array(good.output.utf8.dropLast()))["sub"]?.string == "s")
        let other = try verify(token(issuer: "https://i"), ["--audience", "api"])
        #expect(
            other
                == Program.End(
                    status: 1, output: "", errors: "lanyard: the token is not valid: it is for another audience\n"))
        #expect(try verify(token(issuer: "https://i", lifetime: -60)).status == 1)
        #expect(try verify(token(issuer: "https://i", type: "JWT")).status == 1)
        #expect(try verify(token(issuer: "https://i").dropLast(4) + "AAAA").status == 1)
        let trusting = ["LANYARD_TOKENS_TYPE": "JWT"]
        let typed = try token(issuer: "https://i", type: "JWT")
        #expect(try program.run(["token", "verify", typed, "--jwks", file], environment: trusting).status == 0)
    }

    @Test func `need a key set that can be read`() throws {
        let token = try token(issuer: "https://i")
        let missing = try program.run(["token", "verify", token, "--jwks", "none"])
        #expect(
            missing == Program.End(status: 65, output: "", errors: "lanyard: cannot read none: there is no such file\n")
        )
        _ = try program.folder.write("{}", to: "empty")
        #expect(try program.run(["token", "verify", token, "--jwks", "empty"]).status == 65)
    }

    /// How an issuer answers, by path; `ISSUER` in a body stands for its origin.
    struct Site: CustomTestStringConvertible, Sendable {
        let name: String, path: String, pages: [String: String], status: Int32
        var testDescription: String { name }
    }

    static let sites = [
        Site(
            name: "RFC 8414", path: "",
            pages: ["/.well-known/oauth-authorization-server": #"{"issuer":"ISSUER","jwks_uri":"ISSUER/keys"}"#],
            status: 0),
        Site(
            name: "RFC 8414 with a path", path: "/a/b",
            pages: [
                "/.well-known/oauth-authorization-server/a/b": #"{"issuer":"ISSUER/a/b","jwks_uri":"ISSUER/keys"}"#
            ],
            status: 0),
        Site(
            name: "OpenID discovery", path: "/a",
            pages: ["/a/.well-known/openid-configuration": #"{"issuer":"ISSUER/a","jwks_uri":"ISSUER/keys?x=1"}"#],
            status: 0),
        Site(
            name: "metadata of another issuer", path: "",
            pages: ["/.well-known/oauth-authorization-server": #"{"issuer":"ISSUER/","jwks_uri":"ISSUER/keys"}"#],
            status: 69),
        Site(
            name: "keys on another origin", path: "",
            pages: [
                "/.well-known/oauth-authorization-server":
                    #"{"issuer":"ISSUER","jwks_uri":"http://localhost:1/keys"}"#
            ], status: 69),
        Site(
            name: "no keys there", path: "",
            pages: ["/.well-known/oauth-authorization-server": #"{"issuer":"ISSUER","jwks_uri":"ISSUER/other"}"#],
            status: 69),
        Site(
            name: "no key set named", path: "",
            pages: ["/.well-known/oauth-authorization-server": #"{"issuer":"ISSUER"}"#], status: 69),
        Site(name: "no JSON", path: "", pages: ["/.well-known/oauth-authorization-server": "<html>"], status: 69),
        Site(name: "no metadata", path: "", pages: [:], status: 69),
    ]

    @Test(arguments: sites)
    func `are verified with the key set that the issuer's metadata name`(site: Site) throws {
        let keys = String(decoding: try keySet(), as: UTF8.self)
        let server = try RunningServer(
            ScriptedHandler { request, _ in
                guard let host = request.head.value(of: "host") else { return .respond(Response(status: 400)) }
                let page = request.path == "/keys" ? keys : site.pages[request.path]
                guard let page else { return .respond(Response(status: 404)) }
                let origin = "http://" + String(decoding: host, as: UTF8.self)
                return .respond(Response(text: page.replacing("ISSUER", with: origin)))
            })
        let issuer = "\(server.addresses[0].description)\(site.path)"
        let end = try program.run(["token", "verify", try token(issuer: issuer), "--issuer", issuer])
        #expect(end.status == site.status, "\(end.errors)")
        #expect(end.output.isEmpty == (site.status != 0))
        guard site.status == 0 else { return }
        let foreign = try program.run(["token", "verify", try token(issuer: issuer + "x"), "--issuer", issuer])
        #expect(
            foreign
                == Program.End(
                    status: 1, output: "", errors: "lanyard: the token is not valid: it is from another issuer\n"))
    }

    @Test(arguments: [(200, 0), (503, 1), (404, 1)])
    func `and the health of a server is asked`(status: Int, exit: Int32) throws {
        let server = try RunningServer(
            ScriptedHandler { request, _ in .respond(Response(status: request.path == "/p/readyz" ? status : 500)) })
        for base in ["/p", "/p/"] {
            let end = try program.run(["health", "--url", server.addresses[0].description + base])
            #expect(end.status == exit)
            #expect(end.errors.split(separator: "\n").count == (exit == 0 ? 0 : 1))
        }
    }

    @Test func `and a server that is not there is not ready`() throws {
        let server = try RunningServer(ScriptedHandler { _, _ in .respond(Response(status: 200)) })
        let port = try #require(server.addresses[0].description.split(separator: ":").last)
        let settings = ["LANYARD_HTTP_LISTEN": "0.0.0.0:\(port)", "LANYARD_ISSUER": "https://i.example"]
        #expect(try program.run(["health"], environment: settings).status == 0)
        server.server.stop()
        let end = try program.run(["health", "--url", "http://127.0.0.1:9"])
        #expect(end.status == 1)
        #expect(end.errors == "lanyard: not ready: cannot get http://127.0.0.1:9/readyz: Connection refused\n")
    }
}
