// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(
    .server("--dev", settings: ["LANYARD_HTTP_ALLOWED_ORIGINS": "https://app.example", "LANYARD_LOG_FORMAT": "json"]))
struct `The endpoints of an account's own sessions` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    static let unknown = "/sessions/AAAAAAAAAAAAAAAAAAAAAA"
    static let methods: [(path: String, methods: Set<String>)] = [
        ("/me", ["GET", "HEAD", "OPTIONS"]), ("/sessions", ["GET", "HEAD", "OPTIONS"]),
        (unknown, ["DELETE", "OPTIONS"]), ("/logout", ["POST", "OPTIONS"]), ("/password", ["POST", "OPTIONS"]),
    ]

    @Test func `show who is asking, and from which session`() throws {
        let login = try server.logInAlice(["label": "phone", "roles": ["reader"]])
        let reply = try server.get("/me", fields: [login.bearer])
        expectUsualFields(reply)
        #expect(reply.status == 200)
        #expect(reply["content-type"] == "application/json")
        #expect(reply["cache-control"] == "no-store")
        let me = try JSONObject(reply.body)
        #expect(me.names == ["id", "username", "email", "roles", "claims", "session"])
        #expect(try me.string("id") == login.claims.string("sub"))
        #expect(try me.string("username") == "alice")
        #expect(me.isNull("email"))
        #expect(try me.strings("roles") == ["reader"])
        #expect(try me.object("claims").names.isEmpty)
        let session = try me.object("session")
        #expect(session.names == ["id", "label", "created", "expires"])
        #expect(try session.string("id") == login.claims.string("sid"))
        #expect(try session.string("label") == "phone")
        for name in ["created", "expires"] {
            #expect(try session.string(name).wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        }
    }

    @Test func `list sessions, and end the one that is named`() throws {
        let mine = try server.logInAlice(["label": "mine"])
        let other = try server.logInAlice(["label": "other"])
        let id = try other.claims.string("sid")
        let list = try server.get("/sessions", fields: [mine.bearer])
        expectUsualFields(list)
        let sessions = try JSONObject(list.body).objects("sessions")
        let (myself, named) = (
            try #require(try sessions.first { try $0.string("id") == mine.claims.string("sid") }),
            try #require(try sessions.first { try $0.string("id") == id })
        )
        #expect(named.names == ["id", "label", "created", "last_used", "network", "current"])
        #expect(try named.string("label") == "other")
        #expect(try named.string("network") == "127.0.0.0/24")
        #expect(try myself.bool("current"))
        #expect(try !named.bool("current"))

        let ended = try server.send("DELETE", "/sessions/\(id)", fields: [mine.bearer])
        expectUsualFields(ended)
        #expect(ended.status == 204)
        #expect(ended.values(of: "content-length").isEmpty, "RFC 9110 §8.6")
        try expectProblem(try server.get("/me", fields: [other.bearer]), 401, "invalid_token")
        try expectProblem(try server.refresh(other.refreshToken), 401, "invalid_grant")
        try expectProblem(try server.send("DELETE", "/sessions/\(id)", fields: [mine.bearer]), 404, "not_found")
        let line = try server.logLine(of: ended)
        #expect(try line.string("event") == "session_ended")
        #expect(try line.string("reason") == "logout")
        #expect(try line.string("sid") == id)
    }

    @Test func `log out by refresh token and by access token`() throws {
        let login = try server.logInAlice()
        for _ in 0..<2 {
            let reply = try server.post("/logout", ["refresh_token": login.refreshToken])
            expectUsualFields(reply)
            #expect(reply.status == 204)
        }
        try expectProblem(try server.refresh(login.refreshToken), 401, "invalid_grant")
        try expectProblem(try server.get("/me", fields: [login.bearer]), 401, "invalid_token")
        let other = try server.logInAlice()
        #expect(try server.send("POST", "/logout", fields: [other.bearer], body: []).status == 204)
        try expectProblem(try server.send("POST", "/logout", fields: [other.bearer]), 401, "invalid_token")
        try expectProblem(try server.refresh(other.refreshToken), 401, "invalid_grant")
        try expectProblem(try server.post("/logout", ["refresh_token": "x"]), 401, "invalid_grant")
        try expectProblem(try server.send("POST", "/logout"), 400, "invalid_request")
        try expectProblem(try server.post("/logout", "{}"), 400, "invalid_request")
    }

    @Test func `need one access token, and say what is wrong without saying more`() throws {
        let login = try server.logInAlice()
        for path in ["/me", "/sessions"] {
            let none = try server.get(path)
            try expectProblem(none, 401, "invalid_token")
            #expect(none["www-authenticate"]?.contains("error") == false, "RFC 6750 §3.1")
            let bad = try server.get(path, fields: ["Authorization: Bearer x"])
            try expectProblem(bad, 401, "invalid_token")
            #expect(bad["www-authenticate"]?.contains("error=\"invalid_token\"") == true)
            #expect(try server.get(path, fields: [login.bearer, login.bearer]).status == 400)
            // RFC 6750 §2.3: what is in a URL is in logs.
            try expectProblem(try server.get("\(path)?access_token=\(login.accessToken)"), 401, "invalid_token")
        }
    }

    @Test(arguments: methods, ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
    func `answer their own methods`(route: (path: String, methods: Set<String>), method: String) throws {
        let reply = try server.send(method, route.path)
        if method == "OPTIONS" {
            #expect(reply.status == 204)
        } else if route.methods.contains(method) {
            #expect(reply.status == (route.path == "/logout" ? 400 : 401))
            return
        } else {
            #expect(reply.status == 405)
        }
        #expect(reply.list(of: "allow") == route.methods)
    }

    @Test func `are found by nothing but their paths`() throws {
        let login = try server.logInAlice()
        for path in ["/me/", "/Me", "/sessions/", "/sessions/a/b", "/sessions/a.b", "/sessions/%20", "/logout/x"] {
            for method in ["GET", "POST", "DELETE", "OPTIONS"] {
                let reply = try server.send(method, path, fields: [login.bearer])
                try expectProblem(reply, 404, "not_found")
            }
        }
        #expect(try server.get("/me", fields: [login.bearer], from: .management).status == 404)
    }

    @Test(arguments: methods)
    func `let pages of allowed origins ask`(route: (path: String, methods: Set<String>)) throws {
        let fields = ["Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: authorization"]
        let reply = try server.send("OPTIONS", route.path, fields: ["Origin: https://app.example"] + fields)
        #expect(reply.status == 204)
        #expect(reply["access-control-allow-origin"] == "https://app.example")
        #expect(reply.list(of: "access-control-allow-methods") == route.methods)
        #expect(reply.list(of: "access-control-allow-headers").contains("authorization"))
        let strange = try server.send("OPTIONS", route.path, fields: ["Origin: https://evil.example"] + fields)
        try expectProblem(strange, 403, "origin_not_allowed")
        #expect(strange["access-control-allow-origin"] == nil)
        let refused = try server.send("GET", "/me", fields: ["Origin: https://app.example"])
        #expect(refused["access-control-allow-origin"] == "https://app.example")
        #expect(refused.list(of: "access-control-expose-headers").contains("WWW-Authenticate"))
    }
}

extension TokenResponse {
    /// The field line that presents the access token.
    var bearer: String { "Authorization: Bearer \(accessToken)" }
}
