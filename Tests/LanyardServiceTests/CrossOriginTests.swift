// SPDX-License-Identifier: Apache-2.0

import LanyardService
import TestSupport
import Testing

@Suite struct `Pages of other origins` {
    static let preflight = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"]

    @Test func `may log in when the settings allow them`() async throws {
        let fixture = try await ServiceFixture()
        let origin = "Origin: https://app.example.com"
        let preflight = try fixture.send("OPTIONS", "/login", fields: [origin] + Self.preflight)
        #expect(preflight.status == 204)
        #expect(preflight["access-control-allow-origin"] == "https://app.example.com")
        #expect(preflight["access-control-allow-credentials"] == "true")
        #expect(preflight["access-control-allow-methods"] == "POST, OPTIONS")
        #expect(preflight["access-control-allow-headers"] == "authorization, content-type, traceparent")
        #expect(preflight["access-control-max-age"] == "600")
        #expect(preflight["vary"] == "Origin")

        let body = #"{"username":"alice","password":"\#(ServiceFixture.password)"}"#
        let login = try fixture.send("POST", "/login", fields: [origin], body: body)
        #expect(login.status == 200)
        #expect(login["access-control-allow-origin"] == "https://app.example.com")
        #expect(login["access-control-expose-headers"] == "WWW-Authenticate, Retry-After, X-Request-Id")
        let refused = try fixture.send("POST", "/login", fields: [origin], body: "{")
        #expect(refused["access-control-allow-origin"] == "https://app.example.com")
    }

    @Test(arguments: ["https://evil.example", "null", "https://app.example.com.evil.example"])
    func `read nothing when they are not allowed`(origin: String) async throws {
        let fixture = try await ServiceFixture()
        let preflight = try fixture.send("OPTIONS", "/login", fields: ["Origin: \(origin)"] + Self.preflight)
        #expect(preflight.status == 403)
        #expect(preflight.text("error") == "origin_not_allowed")
        #expect(preflight["access-control-allow-origin"] == nil)
        let login = try fixture.send("POST", "/login", fields: ["Origin: \(origin)"], body: "{")
        #expect(login["access-control-allow-origin"] == nil)
        #expect(login["vary"] == "Origin")
    }

    @Test(arguments: ["/.well-known/jwks.json", "/.well-known/oauth-authorization-server"])
    func `may read public documents, without credentials`(path: String) async throws {
        let fixture = try await ServiceFixture()
        for fields in [[], ["Origin: https://evil.example"]] {
            let answer = try fixture.send("GET", path, fields: fields)
            #expect(answer["access-control-allow-origin"] == "*")
            #expect(answer["access-control-allow-credentials"] == nil)
            #expect(answer["vary"] == "Accept-Encoding")
        }
    }

    @Test func `include the issuer's own, which need no permission`() async throws {
        let fixture = try await ServiceFixture {
            $0.issuer = IssuerURL("https://example.com/auth", origin: "https://example.com", path: "/auth")
        }
        let answer = try fixture.send(
            "OPTIONS", "/login", fields: ["Origin: https://example.com"] + Self.preflight)
        #expect(answer.status == 204)
        #expect(answer["access-control-allow-origin"] == nil)
    }
}
