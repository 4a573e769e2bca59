// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `Tokens in cookies` {
    static let page = "Sec-Fetch-Site: same-origin"

    @Test func `come with the attributes that keep them from pages and from other hosts`() async throws {
        let fixture = try await ServiceFixture()
        let refresh = try fixture.logIn(#","delivery":"cookie""#)
        #expect(refresh.status == 200)
        #expect(
            try refresh.json.members.map(\.name) == [
                "access_token", "token_type", "expires_in", "refresh_after", "refresh_expires_in",
            ])
        let token = try #require(refresh.cookie("__Host-lanyard"))
        #expect(token.hasPrefix("rt1."))
        #expect(
            refresh.cookies == [
                "__Host-lanyard=\(token); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1209600"
            ])
        #expect(refresh["cache-control"] == "no-store")

        let both = try fixture.logIn(#","delivery":"cookies""#)
        #expect(
            try both.json.members.map(\.name) == ["token_type", "expires_in", "refresh_after", "refresh_expires_in"])
        let access = try #require(both.cookie("__Host-lanyard-access"))
        #expect(try fixture.verify(access).username == "alice")
        #expect(
            both.cookies == [
                "__Host-lanyard=\(both.cookie("__Host-lanyard") ?? ""); Path=/; Secure; HttpOnly; SameSite=Strict; "
                    + "Max-Age=1209600",
                "__Host-lanyard-access=\(access); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=900",
            ])
        for login in [try fixture.logIn(), try fixture.logIn(#","delivery":"body""#)] {
            #expect(login.cookies.isEmpty)
            #expect(!login.text("refresh_token").isEmpty)
        }
    }

    @Test func `come by the settings' names, for a login by a form too`() async throws {
        let fixture = try await ServiceFixture {
            $0.cookies = SessionCookies(name: "lanyard-dev", sameSite: "Lax", isSecure: false)
        }
        let body = "username=alice&password=a+password+of%20alice&delivery=cookies"
        let login = try fixture.send(
            "POST", "/login", fields: ["Sec-Fetch-Site: same-origin"], body: body,
            type: "application/x-www-form-urlencoded")
        let (refresh, access) = (login.cookie("lanyard-dev") ?? "", login.cookie("lanyard-dev-access") ?? "")
        #expect(
            login.cookies == [
                "lanyard-dev=\(refresh); Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600",
                "lanyard-dev-access=\(access); Path=/; HttpOnly; SameSite=Lax; Max-Age=900",
            ])
        let answer = try fixture.send("POST", "/refresh", fields: ["Cookie: lanyard-dev=\(refresh)", Self.page])
        #expect(answer.status == 200)
    }

    @Test func `are renewed in the way that the session was opened`() async throws {
        let fixture = try await ServiceFixture()
        for (delivery, names) in [
            ("cookie", ["__Host-lanyard"]), ("cookies", ["__Host-lanyard", "__Host-lanyard-access"]),
        ] {
            let login = try fixture.logIn(#","delivery":"\#(delivery)""#)
            let token = login.cookie("__Host-lanyard") ?? ""
            for (body, type) in [(nil, nil), ("{}", "application/json"), ("", "application/json")]
                as [(String?, String?)]
            {
                // Kept: a late answer must not put an old token in the place of a new one.
                let kept = try fixture.refreshByCookie(token, body: body, type: type)
                #expect(kept.status == 200)
                #expect(kept.cookies.map(\.cookieName) == names.filter { $0.hasSuffix("-access") })
                #expect(try kept.json["refresh_token"] == nil)
                #expect(try (kept.json["access_token"] != nil) == (delivery == "cookie"))
            }
            fixture.clock.advance(by: .seconds(60))
            let rotated = try fixture.refreshByCookie(token)
            #expect(rotated.cookies.map(\.cookieName) == names)
            #expect(try rotated.json["refresh_token"] == nil)
            let next = try #require(rotated.cookie("__Host-lanyard"))
            #expect(next != token)
            let replayed = try fixture.refreshByCookie(token)
            #expect(replayed.cookie("__Host-lanyard") == next, "byte for byte")
            fixture.clock.advance(by: .seconds(60))
            let recovered = try fixture.refreshByCookie(token)
            #expect(recovered.cookie("__Host-lanyard") != nil)
            #expect(try fixture.refreshByCookie(next).status == 401)
        }
    }

    @Test func `are not where the token is presented in the body`() async throws {
        let fixture = try await ServiceFixture()
        for delivery in ["cookie", "cookies"] {
            let token = try fixture.logIn(#","delivery":"\#(delivery)""#).cookie("__Host-lanyard") ?? ""
            let form = "grant_type=refresh_token&refresh_token=\(token)"
            let strange = ["Sec-Fetch-Site: cross-site", "Cookie: __Host-lanyard=x; __Host-lanyard=y"]
            for answer in [
                try fixture.refresh(token, fields: strange),
                try fixture.send("POST", "/token", body: form, type: "application/x-www-form-urlencoded"),
            ] {
                #expect(answer.status == 200)
                #expect(answer.text("refresh_token") == token)
                #expect(!answer.text("access_token").isEmpty)
                #expect(answer.cookies.isEmpty)
            }
        }
        // And in the body for a session that was opened so, whoever has made a cookie of its token.
        let token = try fixture.logIn().text("refresh_token")
        #expect(try fixture.refreshByCookie(token).text("refresh_token") == token)
    }

    @Test func `go with a bare token as well`() async throws {
        let fixture = try await ServiceFixture()
        let accept = ["Accept: application/jwt"]
        let one = try fixture.logIn(#","delivery":"cookie""#, fields: accept)
        #expect(one["content-type"] == "application/jwt")
        #expect(try fixture.verify(one.text).username == "alice")
        #expect(one.cookies.map(\.cookieName) == ["__Host-lanyard"])
        let both = try fixture.logIn(#","delivery":"cookies""#, fields: accept)
        #expect(both["content-type"] == "application/json", "the access token is nowhere but in its cookie")
        #expect(try both.json["access_token"] == nil)
    }

    @Test func `are refused when they are longer than browsers keep`() async throws {
        let names = (0..<60).map { "https://service-\($0).example.com/a/rather/long/audience/indeed" }
        let fixture = try await ServiceFixture { $0.policies.tokens.audience = Audiences(distinct: names) }
        let asked = names.map { #""\#($0)""# }.joined(separator: ",")
        let login = { (delivery: String) in try fixture.logIn(#","audience":[\#(asked)],"delivery":"\#(delivery)""#) }
        let refused = try login("cookies")
        #expect(refused.status == 400)
        #expect(refused.text("error") == "invalid_request")
        #expect(refused.cookies.isEmpty)
        let (alice, now) = (fixture.alice.id, fixture.clock.now)
        let lifetimes = try ServiceFixture.configuration().policies.sessions.lifetimes
        let sessions = try await fixture.store.sessions(ofAccount: alice, lifetimes: lifetimes, limit: 9, at: now)
        #expect(sessions.isEmpty, "nobody has a token of it")
        #expect(try login("cookie").status == 200)
        #expect(try login("body").status == 200)
    }

    @Test func `are given to the pages only that may use them`() async throws {
        let fixture = try await ServiceFixture()
        for test in `A cookie counts by the page that its request comes from`.cases {
            for delivery in ["cookie", "cookies"] {
                let login = try fixture.logIn(#","delivery":"\#(delivery)""#, fields: test.fields)
                let isSaid = test.origin != nil || test.fields.contains { $0.hasPrefix("Sec-Fetch-Site:") }
                #expect(login.status == (test.counts || !isSaid ? 200 : 403), "\(test)")
                #expect(login.cookies.isEmpty == (login.status == 403))
                if login.status == 403 { #expect(login.text("error") == "origin_not_allowed") }
            }
            #expect(try fixture.logIn(fields: test.fields).status == 200, "in the body: \(test)")
        }
    }

    @Test func `count at a refresh by the page that asks`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let token = try fixture.logIn(#","delivery":"cookie""#).cookie("__Host-lanyard") ?? ""
        _ = recorder.take()
        for test in `A cookie counts by the page that its request comes from`.cases {
            let answer = try fixture.send("POST", "/refresh", fields: ["Cookie: __Host-lanyard=\(token)"] + test.fields)
            #expect(answer.status == (test.counts ? 200 : 403), "\(test)")
            let refusals = recorder.take().filter { $0["event"] == "origin_refused" }
            if !test.counts {
                #expect(refusals.count == 1, "\(test)")
                #expect(refusals.first?["origin"] == test.origin ?? "none", "\(test)")
                #expect(answer.cookies.isEmpty)
            }
        }
    }

    @Test func `are refused when they are no good, and are never cleared for that`() async throws {
        let fixture = try await ServiceFixture()
        let good = try fixture.logIn(#","delivery":"cookies""#)
        let token = good.cookie("__Host-lanyard") ?? ""
        for (cookie, status, word) in [
            ("__Host-lanyard=x", 401, "invalid_grant"), ("__Host-lanyard=\(token)A", 401, "invalid_grant"),
            ("__Host-lanyard=\(token); __Host-lanyard=\(token)", 400, "invalid_request"),
            ("__Host-lanyard=", 400, "invalid_request"), ("__host-lanyard=\(token)", 400, "invalid_request"),
            ("__Host-lanyard=\"\(token)\"", 400, "invalid_request"),
            ("__Host-lanyard=\(String(repeating: "a", count: 4_097))", 400, "invalid_request"),
        ] {
            for path in ["/refresh", "/logout"] {
                let answer = try fixture.send("POST", path, fields: ["Cookie: \(cookie)", Self.page])
                #expect(answer.status == status, "\(path) \(cookie)")
                #expect(answer.text("error") == word, "\(path) \(cookie)")
                #expect(answer.cookies.isEmpty)
            }
        }
        #expect(
            try fixture.send("POST", "/logout", fields: ["Cookie: __Host-lanyard=\(token)", Self.page]).status == 204)
        let over = try fixture.refreshByCookie(token)
        #expect(over.status == 401)
        #expect(over.cookies.isEmpty)
    }

    @Test func `are cleared by every logout, and end their session`() async throws {
        let fixture = try await ServiceFixture()
        for all in [#"{"all":true}"#, nil] {
            let login = try fixture.logIn(#","delivery":"cookies""#)
            let other = try fixture.logIn()
            let cookie = "Cookie: __Host-lanyard=\(login.cookie("__Host-lanyard") ?? "")"
            for fields in [
                [cookie], [cookie, "Sec-Fetch-Site: cross-site"], [cookie, "Origin: https://evil.example"],
            ] {
                let answer = try fixture.send("POST", "/logout", fields: fields, body: all)
                #expect(answer.status == 403)
                #expect(answer.cookies.isEmpty)
            }
            for _ in 0..<2 {
                let answer = try fixture.send("POST", "/logout", fields: [cookie, Self.page], body: all)
                #expect(answer.status == 204)
                #expect(answer.cookies == `Logout`.cleared)
            }
            #expect(try fixture.get("/me", with: other).status == (all == nil ? 200 : 401))
        }
    }

    @Test func `do not stand in the way of a logout by another token`() async throws {
        let fixture = try await ServiceFixture()
        for fields in [["Sec-Fetch-Site: cross-site"], []] {
            let (login, other) = (try fixture.logIn(#","delivery":"cookie""#), try fixture.logIn())
            let cookie = "Cookie: __Host-lanyard=\(login.cookie("__Host-lanyard") ?? "")"
            let answer = try fixture.send("POST", "/logout", fields: [cookie, other.bearer] + fields)
            #expect(answer.status == 204)
            // A page that may not use the cookies is not to make the browser forget them either.
            #expect(answer.cookies == (fields.isEmpty ? `Logout`.cleared : []))
            #expect(try fixture.get("/me", with: other).status == 401)
            #expect(try fixture.get("/me", with: login).status == 200)
        }
        // What has expired does not keep a page from logging out.
        let login = try fixture.logIn(#","delivery":"cookie""#)
        let cookie = "Cookie: __Host-lanyard=\(login.cookie("__Host-lanyard") ?? "")"
        fixture.clock.advance(by: .seconds(900))
        #expect(try fixture.send("POST", "/logout", fields: [cookie, login.bearer, Self.page]).status == 204)
        #expect(try fixture.refreshByCookie(login.cookie("__Host-lanyard") ?? "").status == 401)
    }

    @Test func `tie a refresh to its session where the settings ask for that`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.requiresAccessToken = true }
        let refused = try fixture.logIn(#","delivery":"cookie""#)
        #expect(refused.status == 400)
        #expect(refused.text("error") == "invalid_request")
        let (login, other) = (
            try fixture.logIn(#","delivery":"cookies""#), try fixture.logIn(#","delivery":"cookies""#)
        )
        #expect(login.cookies.allSatisfy { $0.hasSuffix("; Max-Age=1209600") })
        let token = login.cookie("__Host-lanyard") ?? ""
        fixture.clock.advance(by: .seconds(86_400))
        for (access, status) in [
            (nil, 401), (other.cookie("__Host-lanyard-access"), 401), (login.cookie("__Host-lanyard-access"), 200),
        ] {
            let more = access.map { "; __Host-lanyard-access=\($0)" } ?? ""
            let fields = ["Cookie: __Host-lanyard=\(token)\(more)", Self.page]
            let answer = try fixture.send("POST", "/refresh", fields: fields)
            #expect(answer.status == status)
            if status == 401 { #expect(answer.text("error") == "invalid_token") }
            if status == 200 { #expect(answer.cookies.count == 2) }
            if status == 200 { #expect(answer.cookies.allSatisfy { $0.hasSuffix("; Max-Age=1209600") }) }
        }
        let body = try fixture.logIn().text("refresh_token")
        #expect(try fixture.refresh(body).status == 401)
    }

    @Test func `are not looked at where nothing asks for them`() async throws {
        let fixture = try await ServiceFixture()
        let (login, other) = (try fixture.logIn(), try fixture.logIn(#","delivery":"cookies""#))
        let leftover = "Cookie: __Host-lanyard-access=\(other.cookie("__Host-lanyard-access") ?? "")"
        #expect(try fixture.refresh(login.text("refresh_token"), fields: [leftover]).status == 200)
        #expect(try fixture.logIn(fields: [leftover]).status == 200)
    }
}

extension `Logout` {
    /// What makes a browser forget both cookies.
    static let cleared = [
        "__Host-lanyard=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
        "__Host-lanyard-access=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
    ]
}

extension RawResponse {
    /// The cookies that the answer sets, with their attributes.
    var cookies: [String] {
        lines.filter { $0.lowercased().hasPrefix("set-cookie: ") }.map { String($0.dropFirst("Set-Cookie: ".count)) }
    }

    /// The value of the one cookie with this name.
    func cookie(_ name: String) -> String? {
        let values = cookies.filter { $0.cookieName == name }.compactMap { cookie in
            cookie.split(separator: ";").first?.dropFirst(name.count + 1)
        }
        return values.count == 1 ? String(values[0]) : nil
    }
}

extension String {
    /// What stands before the first `=`.
    fileprivate var cookieName: String { String(prefix { $0 != "=" }) }
}

extension ServiceFixture {
    /// Refreshes with a cookie, as a page of the issuer's own does.
    fileprivate func refreshByCookie(_ token: String, body: String? = nil, type: String? = nil) throws -> RawResponse {
        try send(
            "POST", "/refresh", fields: ["Cookie: __Host-lanyard=\(token)", "Sec-Fetch-Site: same-origin"], body: body,
            type: type)
    }
}
