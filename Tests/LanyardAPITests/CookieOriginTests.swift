// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardCore
import TestSupport
import Testing

@Suite struct `A cookie counts by the page that its request comes from` {
    /// What a browser says, and whether the cookie counts.
    struct Case: CustomTestStringConvertible, Sendable {
        let site: String?
        let origin: String?
        let counts: Bool
        var testDescription: String { "\(site ?? "-") \(origin ?? "-")" }

        var fields: [String] {
            [site.map { "Sec-Fetch-Site: \($0)" }, origin.map { "Origin: \($0)" }].compactMap(\.self)
        }
    }

    /// Every site with every kind of origin.
    static let cases = [
        ("same-origin", [nil, own, allowed, strange, "null"]),
        ("same-site", [allowed]),
        ("cross-site", []),
        ("none", []),
        (nil, [own, allowed]),
        // What no browser says today.
        ("SAME-ORIGIN", []),
        ("same-origin, same-origin", []),
        ("same-party", []),
        ("", []),
    ].flatMap { (site: String?, good: [String?]) in
        [nil, own, allowed, strange, "null", "https://app.example.com/", "https://auth.example.com:443"].map { origin in
            Case(site: site, origin: origin, counts: good.contains(origin) || site == "same-origin")
        }
    }

    private static let own: String? = "https://auth.example.com"
    private static let allowed: String? = "https://app.example.com"
    private static let strange: String? = "https://evil.example"

    @Test func `where a proxy asks about what changes things`() async throws {
        let fixture = try await ServiceFixture()
        let cookie = "Cookie: __Host-lanyard-access=\(try fixture.logIn().text("access_token"))"
        for test in Self.cases {
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                let answer = try fixture.send(method, "/verify", fields: [cookie] + test.fields)
                #expect(answer.status == (test.counts ? 204 : 403), "\(method) \(test)")
            }
            for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
                let fields = [cookie] + test.fields
                #expect(try fixture.send(method, "/verify", fields: fields).status == 204, "\(method) \(test)")
            }
        }
    }

    static let methods: [([String], isSafe: Bool)] = [
        (["X-Forwarded-Method: GET"], true), (["X-Original-Method: HEAD"], true),
        (["X-Forwarded-Method: OPTIONS", "X-Original-Method: OPTIONS"], true),
        (["X-Forwarded-Method: GET", "X-Forwarded-Method: GET"], true),
        (["X-Forwarded-Method: POST"], false), (["X-Original-Method: DELETE"], false),
        (["X-Forwarded-Method: GET", "X-Original-Method: POST"], false),
        (["X-Forwarded-Method: GET", "X-Original-Method: HEAD"], false),
        (["X-Forwarded-Method: GET", "X-Forwarded-Method: POST"], false),
        (["X-Forwarded-Method: get"], false), (["X-Forwarded-Method: "], false),
        (["X-Forwarded-Method: GET, GET"], false), (["X-Forwarded-Method: QUERY"], false),
    ]

    @Test(arguments: methods)
    func `where the request that is held back changes things`(fields: [String], isSafe: Bool) async throws {
        let fixture = try await ServiceFixture()
        let cookie = "Cookie: __Host-lanyard-access=\(try fixture.logIn().text("access_token"))"
        let answer = try fixture.send("GET", "/verify", fields: fields + [cookie])
        #expect(answer.status == (isSafe ? 204 : 403))
    }

    @Test func `where it reads what is the account's`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let cookie = "Cookie: __Host-lanyard-access=\(login.text("access_token"))"
        for path in ["/me", "/sessions"] {
            for test in Self.cases {
                let answer = try fixture.send("GET", path, fields: [cookie] + test.fields)
                #expect(answer.status == (test.site != "cross-site" ? 200 : 403), "\(test)")
                let both = try fixture.send("GET", path, fields: [cookie, login.bearer] + test.fields)
                #expect(both.status == 200, "Bearer wins, and no page can add it unasked: \(test)")
            }
        }
        let page = "Sec-Fetch-Site: same-origin"
        #expect(try fixture.send("HEAD", "/me", fields: [cookie, page]).status == 200)
        #expect(try fixture.send("GET", "/me", fields: [cookie, page, "Authorization: Bearer x"]).status == 401)
        #expect(try fixture.send("GET", "/me", fields: [cookie + "; __Host-lanyard-access=x", page]).status == 400)
    }

    @Test func `where it changes what is the account's`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let cookie = "Cookie: __Host-lanyard-access=\(login.text("access_token"))"
        let body = #"{"current_password":"a","new_password":"b"}"#
        for test in Self.cases {
            let fields = [cookie] + test.fields
            let password = try fixture.send("POST", "/password", fields: fields, body: body)
            #expect(password.status == (test.counts ? 401 : 403), "\(test)")
            #expect(password.text("error") == (test.counts ? "invalid_credentials" : "origin_not_allowed"), "\(test)")
            let session = try fixture.send("DELETE", "/sessions/nothing", fields: fields)
            #expect(session.status == (test.counts ? 404 : 403), "\(test)")
            guard !test.counts else { continue }
            #expect(try fixture.send("POST", "/logout", fields: fields).status == 403, "\(test)")
        }
        let page = [cookie, "Sec-Fetch-Site: same-origin"]
        #expect(try fixture.get("/me", with: login).status == 200)
        #expect(try fixture.send("POST", "/logout", fields: page).status == 204)
        #expect(try fixture.get("/me", with: login).status == 401)
        let over = try fixture.send("POST", "/logout", fields: page)
        #expect(over.status == 401)
        #expect(over["set-cookie"] == nil)
    }

    @Test func `or else the log says what would help`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let cookie = "Cookie: __Host-lanyard-access=\(try fixture.logIn().text("access_token"))"
        let (own, allowed, strange) = ("https://auth.example.com", "https://app.example.com", "https://evil.example")
        let setting = "LANYARD_HTTP_ALLOWED_ORIGINS"
        for (site, origin, reason, help) in [
            ("cross-site", allowed, "other_site", nil), ("cross-site", strange, "other_site", nil),
            ("cross-site", nil, "other_site", nil), ("none", nil, "sec_fetch_site_none", nil),
            ("same-party", own, "sec_fetch_site_unknown", nil), (nil, nil, "no_origin", nil),
            ("same-site", strange, nil, setting), (nil, strange, nil, setting),
            ("same-site", nil, "sec_fetch_site_same-site", setting),
        ] as [(String?, String?, String?, String?)] {
            _ = recorder.take()
            let fields = [cookie, site.map { "Sec-Fetch-Site: \($0)" }, origin.map { "Origin: \($0)" }]
            let answer = try fixture.send("DELETE", "/sessions/x", fields: fields.compactMap(\.self))
            #expect(answer.status == 403)
            #expect(answer.text("error") == "origin_not_allowed")
            #expect(answer.text("detail").contains("another site") == (site == "cross-site"))
            let lines = recorder.take().filter { $0["event"] == "origin_refused" }
            #expect(lines.count == 1, "\(site ?? "-") \(origin ?? "-")")
            #expect(lines.first?["origin"] == origin ?? "none")
            #expect(lines.first?["reason"] == reason)
            #expect(lines.first?["setting"] == help)
        }
    }

    @Test(arguments: [
        "__Host-lanyard-access=$", "a=b; __Host-lanyard-access=$; c=d", "__Host-lanyard-access=$;a=b",
        "__host-lanyard-access=x; __Host-lanyard-access=$", "x__Host-lanyard-access=x; __Host-lanyard-access=$",
        "__Host-lanyard-accessx=x; __Host-lanyard-access=$", "__Host-lanyard=x; __Host-lanyard-access=$",
        "__Host-lanyard-access =x; __Host-lanyard-access=$", "__Host-lanyard-access; __Host-lanyard-access=$",
        "a=__Host-lanyard-access=x; __Host-lanyard-access=$", "=; ; ;__Host-lanyard-access=$; a",
        "a=1\r\nCookie: __Host-lanyard-access=$\r\nCookie: b=2",
    ])
    func `if it has its name and no other`(cookies: String) async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("access_token")
        let field = "Cookie: " + cookies.replacing("$", with: token)
        #expect(try fixture.send("GET", "/verify", fields: [field]).status == 204)
    }

    @Test func `under the name that the settings give it`() async throws {
        let fixture = try await ServiceFixture {
            $0.cookies = SessionCookies(name: "s", sameSite: "Lax", isSecure: false)
        }
        let token = try fixture.logIn().text("access_token")
        #expect(try fixture.send("GET", "/verify", fields: ["Cookie: s-access=\(token)"]).status == 204)
        #expect(try fixture.send("GET", "/verify", fields: ["Cookie: __Host-lanyard-access=\(token)"]).status == 401)
    }
}
