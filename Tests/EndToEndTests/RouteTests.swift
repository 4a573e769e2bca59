// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.server("--dev"))
struct `The routes` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    static let readable = [
        "/.well-known/jwks.json", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
        "/livez", "/readyz", "/healthz",
    ]
    static let postable = ["/login", "/refresh", "/token"]
    static let unknown = [
        "/nothing", "/login/", "/Login", "/login/x", "//login", "/./login", "/x/../login", "/login%2F",
        "/.well-known", "/.well-known/jwks.json/", "/.well-known/", "/data/master.key", "/log%69n%00",
    ]

    @Test(arguments: readable)
    func `answer HEAD as GET without the content`(path: String) throws {
        let whole = try server.get(path)
        let head = try server.send("HEAD", path)
        expectUsualFields(whole)
        expectUsualFields(head)
        #expect(whole.status == 200)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        for name in ["content-type", "content-length", "cache-control", "etag"] {
            #expect(head[name] == whole[name], "\(name)")
        }
    }

    @Test(arguments: readable, ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
    func `refuse other methods where only reading is possible`(path: String, method: String) throws {
        let reply = try server.send(method, path)
        try expectProblem(reply, 405, "method_not_allowed")
        #expect(reply.list(of: "allow") == ["GET", "HEAD", "OPTIONS"])
    }

    @Test(arguments: postable, ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
    func `refuse other methods where only posting is possible`(path: String, method: String) throws {
        let reply = try server.send(method, path)
        try expectProblem(reply, 405, "method_not_allowed")
        #expect(reply.list(of: "allow") == ["POST", "OPTIONS"])
    }

    @Test(arguments: postable)
    func `refuse HEAD where only posting is possible`(path: String) throws {
        let reply = try server.send("HEAD", path)
        #expect(reply.status == 405)
        #expect(reply.list(of: "allow") == ["POST", "OPTIONS"])
    }

    @Test(arguments: readable + postable)
    func `tell the allowed methods to OPTIONS`(path: String) throws {
        let reply = try server.send("OPTIONS", path)
        expectUsualFields(reply)
        #expect(reply.status == 204)
        #expect(reply.values(of: "content-length").isEmpty, "RFC 9110 §8.6")
        let methods: Set = Self.postable.contains(path) ? ["POST", "OPTIONS"] : ["GET", "HEAD", "OPTIONS"]
        #expect(reply.list(of: "allow") == methods)
    }

    @Test func `answer OPTIONS for the server as a whole`() throws {
        #expect(try server.send("OPTIONS", "*").status == 204)
    }

    @Test(arguments: unknown)
    func `do not know other paths`(path: String) throws {
        let reply = try server.get(path)
        if path.contains("%00") { return try expectProblem(reply, 400, "invalid_request") }
        try expectProblem(reply, 404, "not_found")
    }

    @Test func `do not know a path for any method`() throws {
        try expectProblem(try server.send("POST", "/nothing", body: []), 404, "not_found")
        try expectProblem(try server.send("OPTIONS", "/nothing"), 404, "not_found")
    }

    @Test func `decode a path once`() throws {
        #expect(try server.get("/live%7a").status == 200)
        try expectProblem(try server.get("/live%257a"), 404, "not_found")
    }

    @Test func `do not read a query`() throws {
        #expect(try server.get("/livez?verbose=1&verbose=1").status == 200)
    }

    @Test func `do not know a method that HTTP does not`() throws {
        try expectProblem(try server.send("BREW", "/login"), 501, "not_implemented")
        try expectProblem(try server.send("get", "/livez"), 501, "not_implemented")
    }

    @Test func `give each answer an id of its own, and never the client's`() throws {
        let id = "11111111-1111-4111-8111-111111111111"
        var ids: Set<String> = [id]
        for path in Self.readable + Self.unknown {
            let reply = try server.get(path, fields: ["X-Request-Id: \(id)"])
            #expect(ids.insert(reply["x-request-id"] ?? id).inserted)
        }
    }

    @Test func `forbid caches to keep what is not public`() throws {
        #expect(try server.logIn("alice", RunningLanyard.alicesPassword)["cache-control"] == "no-store")
        #expect(try server.get("/nothing")["cache-control"] == "no-store")
        for path in ["/livez", "/readyz", "/healthz"] {
            #expect(try server.get(path)["cache-control"] == "no-store")
        }
    }

    @Test(arguments: ["/livez", "/readyz", "/healthz"])
    func `say on both listeners that the server is well`(path: String) throws {
        for listener in [RunningLanyard.Listener.main, .management] {
            let reply = try server.get(path, from: listener)
            expectUsualFields(reply)
            #expect(reply.status == 200)
        }
    }

    @Test func `of the management listener are its own`() throws {
        #expect(try server.send("POST", "/login", body: [], to: .management).status == 404)
        #expect(try server.get("/.well-known/jwks.json", from: .management).status == 404)
        #expect(try server.get("/metrics").status == 404)
    }
}
