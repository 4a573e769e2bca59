// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `Cookies of a browser's session` {
    /// A browser's jar, as far as it matters here: name and value of what was set and not forgotten.
    private func jar(of replies: Reply...) -> String {
        var cookies: [String: String] = [:]
        for line in replies.flatMap({ $0.values(of: "set-cookie") }) {
            let pair = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = line.contains("Max-Age=0") ? nil : String(pair[1])
        }
        return "Cookie: " + cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }

    @Test func `carry it from login to logout, for a page of another port in development`() throws {
        let server = try RunningLanyard(["--dev"])
        let page = ["Origin: http://localhost:5173", "Sec-Fetch-Site: same-site"]
        let credentials = [
            "username": "alice", "password": RunningLanyard.alicesPassword, "delivery": "cookies",
        ]
        let login = try server.post("/login", credentials, fields: page)
        #expect(login.status == 200)
        #expect(login["access-control-allow-origin"] == "http://localhost:5173")
        #expect(login["access-control-allow-credentials"] == "true")
        let set = login.values(of: "set-cookie")
        #expect(set.count == 2)
        #expect(
            set.allSatisfy { !$0.contains("Secure") && $0.contains("; Path=/; HttpOnly; SameSite=Strict; Max-Age=") })
        #expect(set[0].hasPrefix("lanyard-dev=rt1."))
        #expect(set[1].hasPrefix("lanyard-dev-access=eyJ"))
        #expect(
            try JSONObject(login.body).names == ["token_type", "expires_in", "refresh_after", "refresh_expires_in"])

        let cookies = jar(of: login)
        let me = try server.get("/me", fields: [cookies] + page)
        #expect(me.status == 200)
        #expect(me["access-control-allow-credentials"] == "true")
        let refresh = try server.send("POST", "/refresh", fields: [cookies] + page)
        #expect(refresh.status == 200)
        #expect(refresh.values(of: "set-cookie").map { $0.prefix { $0 != "=" } } == ["lanyard-dev-access"], "kept")
        for fields in [
            [], ["Origin: https://evil.example"], ["Origin: http://localhost:5173", "Sec-Fetch-Site: cross-site"],
        ] {
            for path in ["/refresh", "/logout"] {
                let reply = try server.send("POST", path, fields: [cookies] + fields)
                try expectProblem(reply, 403, "origin_not_allowed")
                #expect(reply.values(of: "set-cookie").isEmpty)
            }
        }
        let logout = try server.send("POST", "/logout", fields: [cookies] + page)
        #expect(logout.status == 204)
        #expect(jar(of: login, logout) == "Cookie: ")
        #expect(try server.get("/me", fields: [cookies] + page).status == 401)
        #expect(try server.send("POST", "/refresh", fields: [cookies] + page).status == 401)
    }

    @Test func `are those of the host alone without --dev, and named by the settings`() throws {
        let settings = [
            "LANYARD_SESSIONS_COOKIE_NAME": "__Host-s", "LANYARD_SESSIONS_COOKIE_SAME_SITE": "Lax",
            "LANYARD_LOG_FORMAT": "json", "LANYARD_SESSIONS_REFRESH_GRACE": "0s",
        ]
        let server = try RunningLanyard(settings: settings)
        try server.add("alice")
        let login = try server.logIn("alice", `The account commands`.password, ["delivery": "cookies"])
        let set = login.values(of: "set-cookie")
        #expect(set.count == 2)
        let refresh = try #require(
            set[0].wholeMatch(of: /__Host-s=rt1\.[!-~]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=([0-9]+)/))
        let access = try #require(
            set[1].wholeMatch(
                of: /__Host-s-access=eyJ[!-~]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=([0-9]+)/))
        // A second less where one began between the login's row and its signature.
        #expect(try Int(refresh.1) == JSONObject(login.body).integer("refresh_expires_in"))
        #expect(try Int(access.1) == JSONObject(login.body).integer("expires_in"))
        let cookies = jar(of: login)
        let own = "Origin: \(server.url)"
        let next = try server.send("POST", "/refresh", fields: [cookies, own])
        #expect(next.status == 200)
        #expect(next.values(of: "set-cookie").count == 2, "rotated")
        #expect(jar(of: login, next) != cookies)
        #expect(try server.get("/verify", fields: [cookies]).status == 204)
        #expect(try server.get("/verify/a//b", fields: [cookies, "X-Forwarded-Method: POST"]).status == 403)
        let reply = try server.send("POST", "/refresh", fields: [cookies, "Sec-Fetch-Site: none"])
        #expect(reply.status == 403)
        let line = server.process.standardError.lines(by: .usual) { lines in
            lines.contains { $0.contains("origin_refused") && $0.contains("sec_fetch_site_none") }
        }?.last { $0.contains("sec_fetch_site_none") }
        let told = try JSONObject(line ?? "{}")
        #expect(try told.string("origin") == "none")
        #expect(!told.names.contains("setting"), "none would help")
        #expect(try told.string("route") == "/refresh")
    }
}
