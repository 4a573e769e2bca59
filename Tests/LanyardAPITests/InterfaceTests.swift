// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `The public interface` {
    @Test func `publishes the keys, and nothing private`() async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.send("GET", "/.well-known/jwks.json")
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/jwk-set+json")
        #expect(answer["cache-control"] == "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400")
        #expect(answer["access-control-allow-origin"] == "*")
        let key = try #require(answer.json["keys"]?.array?.first?.object)
        #expect(key.members.map(\.name).sorted() == ["alg", "crv", "kid", "kty", "use", "x", "y"])
        #expect(try KeySet(parsing: answer.body).keyIDs == [fixture.keyring.active.kid.text])
    }

    @Test func `answers 304 to who has the keys already`() async throws {
        let fixture = try await ServiceFixture()
        let path = "/.well-known/jwks.json"
        let tag = try #require(fixture.send("GET", path)["etag"])
        for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let answer = try fixture.send("GET", path, fields: ["If-None-Match: \(known)"])
            #expect(answer.status == 304, "\(known)")
            #expect(answer["etag"] == tag)
            #expect(answer.body.isEmpty)
        }
        for other in ["\"x\"", tag.dropLast() + "x\"", "x"] as [String] {
            #expect(try fixture.send("GET", path, fields: ["If-None-Match: \(other)"]).status == 200, "\(other)")
        }
    }

    @Test func `says in its metadata where the keys are`() async throws {
        let fixture = try await ServiceFixture()
        let metadata = try fixture.send("GET", "/.well-known/oauth-authorization-server")
        #expect(metadata["content-type"] == "application/json")
        #expect(try metadata.json["issuer"] == "https://auth.example.com")
        #expect(try metadata.json["jwks_uri"] == "https://auth.example.com/.well-known/jwks.json")
        let openID = try fixture.send("GET", "/.well-known/openid-configuration")
        for member in try metadata.json.members {
            #expect(try openID.json[member.name] == member.value)
        }
        #expect(try openID.json["subject_types_supported"] == ["public"])
        #expect(try openID.json["id_token_signing_alg_values_supported"] == ["ES256"])
    }

    @Test(arguments: [
        "/.well-known/jwks.json", "/auth/.well-known/jwks.json", "/.well-known/oauth-authorization-server/auth",
        "/auth/.well-known/oauth-authorization-server", "/auth/.well-known/openid-configuration", "/auth/livez",
    ])
    func `is found below the issuer's path too`(path: String) async throws {
        let fixture = try await ServiceFixture {
            $0.policies.tokens.issuer = IssuerURL(
                "https://example.com/auth", origin: "https://example.com", path: "/auth")
        }
        #expect(try fixture.send("GET", path).status == 200)
        #expect(try fixture.send("GET", "/other" + path).status == 404)
    }

    @Test func `knows its paths and their methods`() async throws {
        let fixture = try await ServiceFixture()
        let unknown = try fixture.send("GET", "/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.text("error") == "not_found")
        let wrong = try fixture.send("GET", "/login")
        #expect(wrong.status == 405)
        #expect(wrong["allow"] == "POST, OPTIONS")
        #expect(wrong.text("error") == "method_not_allowed")
        let post = try fixture.send("POST", "/.well-known/jwks.json", body: "{}")
        #expect(post.status == 405)
        #expect(post["allow"] == "GET, HEAD, OPTIONS")
        let options = try fixture.send("OPTIONS", "/login")
        #expect(options.status == 204)
        #expect(options["allow"] == "POST, OPTIONS")
        #expect(try fixture.send("OPTIONS", "*").status == 204)
        #expect(try fixture.send("TRACE", "/login").status == 405)
    }

    @Test func `answers HEAD as it answers GET`() async throws {
        let fixture = try await ServiceFixture()
        let get = try fixture.send("GET", "/.well-known/jwks.json")
        let head = try fixture.send("HEAD", "/.well-known/jwks.json")
        #expect(head.status == 200)
        #expect(head["content-length"] == "\(get.body.count)")
        #expect(head["etag"] == get["etag"])
    }

    @Test func `refuses too much content with 413`() async throws {
        let fixture = try await ServiceFixture()
        let body = #"{"username":"a","password":"\#(String(repeating: "a", count: 8_200))"}"#
        let answer = try fixture.send("POST", "/login", body: body)
        #expect(answer.status == 413)
        #expect(answer.text("error") == "content_too_large")
    }

    @Test(arguments: [
        "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"", "application/json ; charset=UTF-8",
        "application/json;charset=utf8", "application/json; charset=\"Unicode-1-1-UTF-8\"", "application/json;",
    ])
    func `reads JSON in UTF-8 however that is said`(type: String) async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.send("POST", "/refresh", body: #"{"refresh_token":"x"}"#, type: type).status == 401)
    }

    @Test(arguments: ["text/plain", "application/json; charset=latin1", "application/jsonx", "multipart/form-data", ""])
    func `refuses other types with 415`(type: String) async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.send("POST", "/refresh", body: #"{"refresh_token":"x"}"#, type: type)
        #expect(answer.status == 415)
        #expect(answer.text("error") == "unsupported_media_type")
    }

    @Test func `reads content as it is, and nothing compressed`() async throws {
        let fixture = try await ServiceFixture()
        let body = #"{"refresh_token":"x"}"#
        let compressed = try fixture.send("POST", "/refresh", fields: ["Content-Encoding: gzip"], body: body)
        #expect(compressed.status == 415)
        #expect(compressed["accept-encoding"] == "identity")
        for codings in ["Identity", "", ",", "identity, ,identity"] {
            let answer = try fixture.send("POST", "/refresh", fields: ["Content-Encoding: \(codings)"], body: body)
            #expect(answer.status == 401, "\(codings)")
        }
        for codings in ["identity, gzip", "gzip, identity"] {
            let answer = try fixture.send("POST", "/refresh", fields: ["Content-Encoding: \(codings)"], body: body)
            #expect(answer.status == 415, "\(codings)")
        }
    }

    @Test(arguments: ["/login", "/refresh", "/logout", "/token", "/revoke"])
    func `does not look at the label of no content`(path: String) async throws {
        let fixture = try await ServiceFixture()
        for framing in ["Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\r\n"] {
            for label in [
                "Content-Type: text/plain", "Content-Type:", "Content-Encoding: br", "Content-Type: image/png",
            ] {
                let client = try fixture.server.connect()
                try client.send("POST \(path) HTTP/1.1\r\nHost: auth.example.com\r\n\(label)\r\n\(framing)")
                let answer = try client.readResponse()
                #expect(answer.status == 400, "\(path) \(label)")
                #expect(answer.text("error") == "invalid_request")
            }
        }
    }

    @Test(arguments: ["GET", "HEAD", "DELETE", "OPTIONS"])
    func `ignores content that the method does not use`(method: String) async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let target = method == "DELETE" ? "/sessions/nothing" : "/me"
        let status = ["DELETE": 404, "OPTIONS": 204][method] ?? 200
        for (fields, content) in [
            ("Content-Length: 2", "{}"),
            ("Content-Length: 3\r\nContent-Type: text/plain\r\nContent-Encoding: gzip", "{{{"),
            ("Transfer-Encoding: chunked", "0\r\n\r\n"), ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n"),
            ("Content-Length: 65536", String(repeating: "a", count: 65_536)),
        ] {
            let client = try fixture.server.connect()
            let head = "\(method) \(target) HTTP/1.1\r\nHost: auth.example.com\r\n\(login.bearer)\r\n\(fields)\r\n\r\n"
            try client.send(head + content + "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readResponse(hasBody: method != "HEAD").status == status, "\(fields)")
            #expect(try client.readResponse().status == 200, "the next request begins behind the content")
        }
        let tooLarge = try fixture.server.connect()
        try tooLarge.send("\(method) \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n")
        #expect(try tooLarge.readResponse(hasBody: method != "HEAD").status == 413)
    }

    @Test func `serves the key set to front ends of HTTP/2, which frame no content in chunks`() async throws {
        let fixture = try await ServiceFixture()
        let client = try fixture.server.connect()
        for _ in 0..<2 {
            try client.send(
                "GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.status == 200)
            #expect(!answer.closes)
        }
    }

    @Test func `skips a byte order mark before JSON`() async throws {
        let fixture = try await ServiceFixture()
        let body = "\u{FEFF}" + #"{"refresh_token":"x"}"#
        #expect(try fixture.send("POST", "/refresh", body: body).text("error") == "invalid_grant")
        #expect(try fixture.send("POST", "/refresh", body: "\u{FEFF}").text("error") == "invalid_request")
        let twice = try fixture.send("POST", "/refresh", body: "\u{FEFF}" + body)
        #expect(twice.text("error") == "invalid_request")
    }

    @Test(arguments: [
        "/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
    ])
    func `answers from memory what it would answer anew`(path: String) async throws {
        let fixture = try await ServiceFixture()
        let prepared = try fixture.send("GET", path)
        // A query changes nothing, but for that the answer is not the one that is ready.
        let made = try fixture.send("GET", path + "?a=b")
        #expect(prepared.status == 200)
        #expect(prepared.body == made.body)
        for name in [
            "etag", "cache-control", "content-type", "content-length", "access-control-allow-origin",
            "cross-origin-resource-policy", "x-content-type-options", "content-security-policy", "vary",
        ] { #expect(prepared[name] == made[name], "\(name)") }
    }

    @Test(
        arguments: [
            ("/login", "application/json", 100), ("/login", "text/plain", 415), ("/nowhere", "application/json", 404),
            ("/.well-known/jwks.json", "application/json", 405), ("/refresh", "application/x-www-form-urlencoded", 100),
        ])
    func `gives leave to send content that it would read, and no other`(
        path: String, type: String, status: Int
    ) async throws {
        let fixture = try await ServiceFixture()
        let client = try fixture.server.connect()
        try client.send(
            """
            POST \(path) HTTP/1.1\r
            Host: auth.example.com\r
            Content-Type: \(type)\r
            Content-Length: 2\r
            Expect: 100-continue\r
            \r

            """)
        #expect(try client.readResponse(hasBody: status != 100).status == status)
    }

    @Test func `lets an allowed page read that its content was too large`() async throws {
        let fixture = try await ServiceFixture()
        let response = try fixture.send(
            "POST", "/login", fields: ["Origin: https://app.example.com"], body: String(repeating: " ", count: 8_193))
        #expect(response.status == 413)
        #expect(response["access-control-allow-origin"] == "https://app.example.com")
        #expect(response["vary"] == "Origin")
    }

    @Test(arguments: ["auth.example.com", "AUTH.example.com"])
    func `answers a target in absolute form that names it`(authority: String) async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.send("GET", "http://\(authority)/livez").status == 200)
        let elsewhere = try fixture.send("GET", "http://other.example.com/livez")
        #expect(elsewhere.status == 421)
        #expect(elsewhere.text("error") == "misdirected_request")
    }

    @Test func `is no proxy`() async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.send("CONNECT", "auth.example.com:443")
        #expect(answer.status == 405)
        #expect(answer["allow"] == "GET, HEAD, POST, DELETE, OPTIONS")
    }

    @Test(arguments: ["/.well-known/../login", "//login", "/%2Flogin", "/login/", "/LOGIN", "/login;x"])
    func `knows a path in one spelling only`(path: String) async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.send("GET", path).status == 404)
    }

    @Test func `keeps browsers from guessing`() async throws {
        let fixture = try await ServiceFixture()
        for path in ["/.well-known/jwks.json", "/nothing", "/livez"] {
            let answer = try fixture.send("GET", path)
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(answer["referrer-policy"] == "no-referrer")
            #expect(answer["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
        }
    }
}
