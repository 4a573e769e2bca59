// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardCore
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
        #expect(preflight["access-control-allow-headers"] == "content-type")
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

    @Test(
        arguments: [
            (["content-type"], "content-type"),
            (["Authorization,  baggage\t,sentry-trace"], "Authorization, baggage, sentry-trace"),
            (["tracestate", "x-requested-with"], "tracestate, x-requested-with"),
            (["a b, \"c\", d:, é, ok, ,"], "ok"), ([",", ""], nil), ([], nil),
            ([(1...70).map { "x-\($0)" }.joined(separator: ",")], (1...64).map { "x-\($0)" }.joined(separator: ", ")),
        ] as [([String], String?)])
    func `may send whatever fields they like`(asked: [String], allowed: String?) async throws {
        let fixture = try await ServiceFixture()
        for (path, origin) in [
            ("/login", "https://app.example.com"), ("/.well-known/jwks.json", "https://any.example"),
        ] {
            let fields = ["Origin: \(origin)", "Access-Control-Request-Method: GET"]
            let preflight = try fixture.send(
                "OPTIONS", path, fields: fields + asked.map { "Access-Control-Request-Headers: \($0)" })
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-headers"] == allowed, "\(path)")
            #expect(preflight["access-control-max-age"] == "600")
            #expect(preflight["access-control-allow-origin"] == (path == "/login" ? origin : "*"))
            #expect(preflight["access-control-allow-methods"] == preflight["allow"])
        }
    }

    @Test func `have nothing to do with the management interface`() async throws {
        let fixture = try await ServiceFixture()
        for origin in ["https://app.example.com", "https://evil.example"] {
            for (method, path) in [
                ("GET", "/livez"), ("GET", "/metrics"), ("GET", "/nothing"), ("POST", "/livez"), ("OPTIONS", "/livez"),
                ("OPTIONS", "*"), ("OPTIONS", "/nothing"), ("BREW", "/livez"), ("GET", "/a|b"),
            ] {
                let answer = try fixture.send(
                    method, path, fields: ["Origin: \(origin)"] + Self.preflight, to: fixture.management)
                #expect(!answer.lines.contains { $0.lowercased().hasPrefix("access-control-") }, "\(method) \(path)")
                #expect(answer["vary"] == nil, "\(method) \(path)")
                if method == "OPTIONS", path != "/nothing" {
                    #expect(answer.status == 204)
                    #expect(answer["allow"]?.contains("GET") == true)
                }
            }
        }
    }

    @Test func `read refusals of the engine as they read all others`() async throws {
        let fixture = try await ServiceFixture()
        let (allowed, strange) = ("Origin: https://app.example.com", "Origin: https://evil.example")
        for (origin, rest) in [
            (allowed, "X: \(String(repeating: "a", count: 17_000))"), (allowed, "X"), (strange, "X"),
        ] {
            let answer = try fixture.send("GET", "/me", fields: [origin, rest])
            #expect([400, 431].contains(answer.status))
            #expect(answer["access-control-allow-origin"] == (origin == allowed ? "https://app.example.com" : nil))
            #expect(answer["vary"] == "Origin")
        }
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
            $0.policies.tokens.issuer = IssuerURL(
                "https://example.com/auth", origin: "https://example.com", path: "/auth")
        }
        let answer = try fixture.send(
            "OPTIONS", "/login", fields: ["Origin: https://example.com"] + Self.preflight)
        #expect(answer.status == 204)
        #expect(answer["access-control-allow-origin"] == nil)
    }
}
