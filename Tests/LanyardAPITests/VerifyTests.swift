// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `What a proxy asks` {
    @Test func `is answered with who asks`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        for path in ["/verify", "/verify?role=writer&role=reader&audience=lanyard", "/verify?audience=lanyard"] {
            let answer = try fixture.get(path, with: login)
            #expect(answer.status == 204)
            #expect(answer["x-auth-subject"] == fixture.alice.id.text)
            #expect(answer["x-auth-username"] == "alice")
            #expect(answer["x-auth-roles"] == "reader,writer")
            #expect(try answer["x-auth-session"] == login.sessionID)
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["content-type"] == nil)
            #expect(answer["vary"] == nil)
            #expect(answer.body.isEmpty)
        }
    }

    /// A query, and how it is answered for a token of the audience `feeds` and the role `reader`.
    struct Case: CustomTestStringConvertible, Sendable {
        let query: String
        let status: Int
        let word: String
        var testDescription: String { query }

        init(_ query: String, _ status: Int, _ word: String = "") {
            self.query = query
            self.status = status
            self.word = word
        }
    }

    static let cases = [
        Case("?", 204), Case("?&&", 204), Case("?role=reader", 204), Case("?role=reader&role=reader", 204),
        Case("?r%6Fle=%72eader", 204), Case("?audience=feeds", 204), Case("?audience=feeds&role=reader", 204),
        Case("?role=writer", 403, "insufficient_role"), Case("?role=reader&role=writer", 403, "insufficient_role"),
        Case("?role=", 403, "insufficient_role"), Case("?role", 403, "insufficient_role"),
        Case("?role=READER", 403, "insufficient_role"), Case("?role=reader,writer", 403, "insufficient_role"),
        Case("?role=reader%20", 403, "insufficient_role"), Case("?role=reader+", 403, "insufficient_role"),
        Case("?audience=lanyard", 403, "invalid_target"), Case("?audience=", 403, "invalid_target"),
        Case("?audience=feeds&audience=lanyard", 403, "invalid_target"),
        Case("?audience=other&role=writer", 403, "invalid_target"),
        // A slip of the operator must not leave a door open.
        Case("?roles=writer", 403, "insufficient_role"), Case("?Role=reader", 403, "insufficient_role"),
        Case("?role=reader;role=writer", 403, "insufficient_role"),
        // Below the path it is what somebody else's client has asked for.
        Case("/x?roles=writer&a=1&a=2&=&%3D", 204), Case("/?x", 204), Case("/x?role=writer", 403, "insufficient_role"),
        Case("/x?audience=other", 403, "invalid_target"),
    ]

    @Test func `about roles and audience is all needed`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let login = try fixture.logIn(#","audience":"feeds","roles":["reader"]"#)
        for test in Self.cases {
            _ = recorder.take()
            let answer = try fixture.get("/verify" + test.query, with: login)
            #expect(answer.status == test.status, "\(test.query)")
            #expect(answer.text("error") == test.word, "\(test.query)")
            #expect(recorder.take().map { $0["event"] } == (test.status == 403 ? ["verify_refused"] : []))
            let challenge = answer["www-authenticate"]
            if test.word == "insufficient_role", !test.query.contains("oles"), !test.query.contains("Role") {
                #expect(test.query.contains(";") || challenge?.hasSuffix(#", error="insufficient_scope""#) == true)
            }
        }
        // Who has no token is told that first.
        #expect(try fixture.send("GET", "/verify?roles=x").status == 401)
    }

    @Test func `names the account as it is now, in percent-encoded UTF-8`() async throws {
        let fixture = try await ServiceFixture()
        let (store, clock) = (fixture.store, fixture.clock)
        let new = try NewAccount(name: "Zoë ~_.-%,\u{1F600}", email: nil, roles: ["a:b", "c"], claims: [:])
        let accepted = try new.accept(ServiceFixture.password, under: ServiceFixture.configuration().policies.passwords)
        let zoe = try await fixture.accounts.add(new, password: accepted)
        let login = try fixture.send(
            "POST", "/login", body: #"{"username":"Zoë ~_.-%,😀","password":"\#(ServiceFixture.password)"}"#)
        var answer = try fixture.get("/verify", with: login)
        #expect(answer["x-auth-username"] == "Zo%C3%AB%20~_.-%25%2C%F0%9F%98%80")
        #expect(answer["x-auth-roles"] == "a:b,c")
        let isSet = try await store.setRoles(["a:b", "d"], ofAccount: zoe.id, ifStill: zoe.roles)
        #expect(isSet)
        answer = try fixture.get("/verify", with: login)
        #expect(answer["x-auth-roles"] == "a:b", "neither what is gone nor what the token does not have")
        #expect(try fixture.get("/verify?role=c", with: login).status == 403)
        #expect(try fixture.get("/verify?role=d", with: login).status == 403)
        clock.advance(by: .seconds(900))
        #expect(try fixture.get("/verify", with: login).status == 401)
    }

    @Test func `is refused as RFC 6750 says`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        let bare = #"Bearer realm="https://auth.example.com""#
        for fields in [[], ["Authorization: Basic YTpi"], ["Cookie: a=b; __host-lanyard-access=x"]] {
            let answer = try fixture.send("GET", "/verify", fields: fields)
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"] == bare)
            #expect(answer["cache-control"] == "no-store")
        }
        for field in [
            "Authorization: Bearer", "Authorization: Bearer x", "Cookie: __Host-lanyard-access=x",
            "Cookie: __Host-lanyard-access=x; __Host-lanyard-access=x",
            "Cookie: __Host-lanyard-access=x\r\nCookie: __Host-lanyard-access=",
            "Cookie: __Host-lanyard-access=\"x\"",
        ] {
            let answer = try fixture.send("GET", "/verify", fields: [field])
            #expect(answer.status == 401, "\(field)")
            #expect(answer["www-authenticate"]?.hasPrefix(bare + #", error="invalid_token""#) == true)
            #expect(answer.text("error") == "invalid_token")
        }
    }

    @Test func `is 401 at once when the session has ended, and 503 while the store is away`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        #expect(try fixture.get("/verify", with: login).status == 204)
        #expect(try fixture.post("/logout", "{}", with: login).status == 204)
        #expect(try fixture.get("/verify", with: login).text("error") == "invalid_token")

        let away = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        let answer = try away.get("/verify", with: away.logIn())
        #expect(answer.status == 503)
        #expect(answer.text("error") == "store_unavailable")
        #expect(answer["retry-after"] == "2")
    }

    @Test func `takes tokens of all our audiences unless one is named, and of no other`() async throws {
        let fixture = try await ServiceFixture()
        var claims = try fixture.logIn().claims
        for (audience, status, word): (JSONValue, Int, String) in [
            ("lanyard", 204, ""), ("feeds", 204, ""), ("lanyard-admin", 204, ""), (["x", "feeds"], 204, ""),
            ("x", 403, "invalid_target"), ("FEEDS", 403, "invalid_target"),
        ] {
            claims["aud"] = audience
            let token = try fixture.signed(claims)
            let answer = try fixture.send("GET", "/verify", fields: ["Authorization: Bearer \(token)"])
            #expect(answer.status == status, "\(audience)")
            #expect(answer.text("error") == word, "\(audience)")
        }
    }

    @Test func `takes a service's own token, which has no session`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        var claims = try fixture.logIn().claims
        claims["sid"] = nil
        claims["preferred_username"] = nil
        claims["sub"] = "jobs:1"
        claims["client_id"] = "jobs:1"
        _ = try await fixture.addClient("jobs:1")
        let bearer = "Authorization: Bearer \(try fixture.signed(claims))"
        let answer = try fixture.send("GET", "/verify?role=reader", fields: [bearer])
        #expect(answer.status == 204)
        #expect(answer["x-auth-subject"] == "jobs:1")
        #expect(answer["x-auth-username"] == "jobs%3A1")
        #expect(answer["x-auth-roles"] == "reader,writer")
        #expect(answer["x-auth-session"] == nil)
        #expect(try fixture.send("GET", "/verify?role=x", fields: [bearer]).status == 403)

        try await fixture.removeClient("jobs:1")
        let refusal = try fixture.send("GET", "/verify", fields: [bearer])
        #expect(refusal.status == 401)
        #expect(refusal.text("error") == "invalid_token")
    }

    @Test func `is not answered for a service while the store is away`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .client) })
        var claims = try fixture.logIn().claims
        claims["sid"] = nil
        claims["sub"] = "jobs"
        claims["client_id"] = "jobs"
        let bearer = "Authorization: Bearer \(try fixture.signed(claims))"
        #expect(try fixture.send("GET", "/verify", fields: [bearer]).status == 503)
    }

    @Test func `may come with a method that nobody here knows`() async throws {
        let fixture = try await ServiceFixture()
        let bearer = "Authorization: Bearer \(try fixture.logIn().text("access_token"))"
        for path in ["/verify", "/verify/calendars"] {
            #expect(try fixture.send("PROPFIND", path, fields: [bearer]).status == 204)
            #expect(
                try fixture.send("PROPFIND", path, fields: [bearer], body: "<propfind/>", type: "text/xml").status
                    == 204)
            #expect(try fixture.send("PROPFIND", path).status == 401)
        }
        #expect(try fixture.send("PROPFIND", "/me", fields: [bearer]).status == 501)
    }
}
