// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.server("--dev", settings: ["LANYARD_HTTP_ALLOWED_ORIGINS": "https://app.example,https://two.example:8443"]))
struct `A browser of another origin` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    static let allowed = [
        "https://app.example", "https://two.example:8443", "http://localhost:5173", "http://localhost",
        "http://127.0.0.1:3000", "http://[::1]:8000",
    ]
    static let strange = [
        "https://evil.example", "http://app.example", "https://app.example:444", "https://app.example.evil.example",
        "https://evilapp.example", "https://two.example", "null", "https://localhost:5173",
        "http://localhost.evil.example", "http://127.0.0.2:3000", "https://app.example/", "HTTPS://APP.EXAMPLE",
    ]

    @Test(arguments: allowed)
    func `that is allowed may ask first`(origin: String) throws {
        let reply = try preflight("/login", from: origin)
        expectUsualFields(reply)
        #expect(reply.status == 204)
        #expect(reply["access-control-allow-origin"] == origin)
        #expect(reply["access-control-allow-credentials"] == "true")
        #expect(reply.list(of: "access-control-allow-methods").contains("POST"))
        let names = Set(reply.list(of: "access-control-allow-headers").map { $0.lowercased() })
        #expect(names == ["authorization", "content-type", "baggage", "sentry-trace"])
        #expect(reply["access-control-max-age"] == "600")
        #expect(reply.list(of: "vary").contains("Origin"))
    }

    @Test(arguments: allowed)
    func `that is allowed may read the answer`(origin: String) throws {
        let good = try logIn(RunningLanyard.alicesPassword, from: origin)
        let bad = try logIn("a wrong password", from: origin)
        #expect(good.status == 200)
        #expect(bad.status == 401)
        for reply in [good, bad] {
            #expect(reply["access-control-allow-origin"] == origin)
            #expect(reply["access-control-allow-credentials"] == "true")
            #expect(reply.list(of: "vary").contains("Origin"))
            let exposed = Set(reply.list(of: "access-control-expose-headers").map { $0.lowercased() })
            #expect(exposed == ["www-authenticate", "retry-after", "x-request-id"])
        }
    }

    @Test(arguments: strange)
    func `that is not allowed is told nothing`(origin: String) throws {
        for reply in [try preflight("/login", from: origin), try logIn("a wrong password", from: origin)] {
            #expect(!reply.fields.contains { $0.name.hasPrefix("access-control-") }, "\(reply.fields)")
            #expect(reply.list(of: "vary").contains("Origin"))
        }
    }

    @Test func `that is not allowed is in the log, with the setting that would allow it`() throws {
        _ = try preflight("/refresh", from: "https://new.example")
        let lines = server.process.standardError.lines(by: .usual) { lines in
            lines.contains { $0.contains("https://new.example") && $0.contains("LANYARD_HTTP_ALLOWED_ORIGINS") }
        }
        #expect(lines != nil)
    }

    @Test func `has nothing to do with the management interface`() throws {
        for origin in ["https://app.example", "https://evil.example"] {
            let fields = ["Origin: \(origin)", "Access-Control-Request-Method: GET"]
            for (method, status) in [("OPTIONS", 204), ("GET", 200)] {
                let reply = try server.send(method, "/readyz", fields: fields, to: .management)
                #expect(reply.status == status)
                #expect(!reply.fields.contains { $0.name.hasPrefix("access-control-") || $0.name == "vary" })
            }
        }
    }

    @Test func `makes answers differ, so caches are told even without an origin`() throws {
        #expect(try server.logIn("alice", RunningLanyard.alicesPassword).list(of: "vary").contains("Origin"))
    }

    private func preflight(_ path: String, from origin: String) throws -> Reply {
        try server.send(
            "OPTIONS", path,
            fields: [
                "Origin: \(origin)", "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization,baggage,content-type,sentry-trace",
            ])
    }

    private func logIn(_ password: String, from origin: String) throws -> Reply {
        try server.post("/login", ["username": "alice", "password": password], fields: ["Origin: \(origin)"])
    }
}
