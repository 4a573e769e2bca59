// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.enabled(if: Proxies.nginx != nil, "nginx is installed (Debian: nginx)"))
struct `An application behind nginx` {
    @Test func `is told who asks, and nothing that its client makes up`() throws {
        let guarded = try GuardedApplication()
        let login = try guarded.logIn()
        let spoofed = [
            "X-Auth-Subject: root", "x-auth-username: root", "X-AUTH-ROLES: admin", "X-Auth-Session: s",
            "X_Auth_Subject: root", "X-Original-Method: GET", "X-Forwarded-For: 203.0.113.7",
        ]
        let reply = try guarded.send("GET", "/page?role=admin", [login.bearer] + spoofed)
        #expect(reply.status == 200, "\(reply)")
        let fields = try JSONObject(reply.body)
        #expect(try fields.strings("x-auth-subject") == [login.claims.string("sub")])
        #expect(try fields.strings("x-auth-username") == ["alice"])
        #expect(try fields.strings("x-auth-roles") == ["reader"])
        #expect(try fields.strings("x-auth-session") == [login.session])
        #expect(try fields.strings("x-forwarded-for") == ["127.0.0.1"])
        #expect(!fields.names.contains("x_auth_subject"))
        #expect(!fields.names.contains("authorization"), "the token is good elsewhere too")
        #expect(reply["www-authenticate"] == nil)
    }

    @Test func `is not reached without a good token`() throws {
        let guarded = try GuardedApplication()
        let login = try guarded.logIn()
        let good = login.accessToken
        let none = try guarded.send("GET", "/")
        #expect(none.status == 401)
        #expect(none["www-authenticate"] == #"Bearer realm="\#(GuardedApplication.issuer)""#)
        for bad in ["x", good + "A", String(good.dropLast(2)), login.refreshToken] {
            let reply = try guarded.send("GET", "/", ["Authorization: Bearer \(bad)"])
            #expect(reply.status == 401, "\(bad)")
            #expect(reply["www-authenticate"]?.contains(#"error="invalid_token""#) == true)
        }
        #expect(try guarded.send("POST", "/auth/logout", [login.bearer]).status == 204)
        #expect(try guarded.send("GET", "/", [login.bearer]).status == 401, "its session has ended")
        #expect(
            try guarded.send("GET", "/lanyard-verify", [try guarded.logIn().bearer]).status == 404, "it is internal")
    }

    @Test func `is not reached with a token that has expired`() throws {
        let guarded = try GuardedApplication(by: MovableClock())
        let login = try guarded.logIn()
        let lifetime = Duration.seconds(try login.object.integer("expires_in"))
        try guarded.lanyard.letPass(lifetime - .seconds(60))
        #expect(try guarded.send("GET", "/", [login.bearer]).status == 200)
        try guarded.lanyard.letPass(.seconds(120))
        #expect(try guarded.send("GET", "/", [login.bearer]).status == 401)
    }

    /// A request with the access cookie, and whether it is passed on.
    struct Case: CustomTestStringConvertible, Sendable {
        let method: String
        let fields: [String]
        let status: Int
        var testDescription: String { "\(method) \(fields)" }
    }

    static let cases = [
        Case(method: "GET", fields: [], status: 200),
        Case(method: "GET", fields: ["Sec-Fetch-Site: cross-site"], status: 200),
        Case(method: "HEAD", fields: ["Sec-Fetch-Site: none"], status: 200),
        Case(method: "POST", fields: [], status: 403),
        Case(method: "POST", fields: ["Sec-Fetch-Site: same-origin"], status: 200),
        Case(method: "POST", fields: ["Sec-Fetch-Site: same-site", "Origin: https://evil.example.com"], status: 403),
        Case(method: "POST", fields: ["Sec-Fetch-Site: same-site", "Origin: https://app.example.com"], status: 200),
        Case(method: "POST", fields: ["Sec-Fetch-Site: cross-site", "Origin: https://evil.example"], status: 403),
        Case(method: "POST", fields: ["Origin: https://www.example.com"], status: 200),
        Case(method: "POST", fields: ["Origin: https://evil.example"], status: 403),
        Case(method: "POST", fields: ["X-Forwarded-Method: GET", "X-Original-Method: GET"], status: 403),
        Case(method: "DELETE", fields: ["Sec-Fetch-Site: none"], status: 403),
    ]

    @Test func `takes a cookie, and for what changes things from its own pages only`() throws {
        let guarded = try GuardedApplication(
            settings: ["LANYARD_HTTP_ALLOWED_ORIGINS": "https://app.example.com"])
        let login = try guarded.logIn()
        let cookie = "Cookie: a=1; __Host-lanyard-access=\(login.accessToken); __Host-lanyard=rt1.x; b=2"
        for test in Self.cases {
            let body = test.method == "POST" ? String(repeating: "a", count: 100_000) : nil
            let reply = try guarded.send(test.method, "/page", [cookie] + test.fields, body: body)
            #expect(reply.status == test.status, "\(test)")
            guard reply.status == 200, test.method != "HEAD" else { continue }
            let fields = try JSONObject(reply.body)
            #expect(try fields.strings("cookie") == ["a=1; b=2"], "the tokens stay out of the application")
            #expect(try fields.strings("x-auth-username") == ["alice"])
        }
        let chunked = ["Transfer-Encoding: chunked", "Sec-Fetch-Site: same-origin", "Connection: close"]
        let raw = try guarded.send("PUT", "/page", [cookie] + chunked, rawBody: "3\r\nabc\r\n0\r\n\r\n")
        #expect(raw.status == 200)
        let twice = "Cookie: __Host-lanyard-access=\(login.accessToken); __Host-lanyard-access=x"
        #expect(try guarded.send("GET", "/page", [twice]).status == 401)
    }

    @Test func `is closed while Lanyard's store is away, and while Lanyard is`() throws {
        let guarded = try GuardedApplication()
        let login = try guarded.logIn()
        let folder = guarded.lanyard.folder
        try FileManager.default.moveItem(atPath: folder.path(of: "data"), toPath: folder.path(of: "away"))
        try Deadline.usual.poll { try guarded.lanyard.get("/readyz").status == 503 }
        let reply = try guarded.send("GET", "/", [login.bearer])
        #expect(reply.status == 503)
        #expect(reply["retry-after"] == "2")
        #expect(reply["cache-control"] == "no-store")
        try FileManager.default.moveItem(atPath: folder.path(of: "away"), toPath: folder.path(of: "data"))
        try Deadline.usual.poll { try guarded.lanyard.get("/readyz").status == 200 }
        #expect(try guarded.send("GET", "/", [login.bearer]).status == 200)
        try guarded.lanyard.stop()
        #expect(try guarded.send("GET", "/", [login.bearer]).status == 503)
    }
}
