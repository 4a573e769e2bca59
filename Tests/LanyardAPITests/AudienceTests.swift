// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `The audience of the admin interface` {
    private static let admin = #","audience":"lanyard-admin""#

    @Test func `may be asked for by those alone who hold its role`() async throws {
        let fixture = try await ServiceFixture()
        for asked in [#""lanyard-admin""#, #"["lanyard","lanyard-admin"]"#, #"["lanyard-admin","feeds"]"#] {
            let answer = try fixture.logIn(#","audience":\#(asked)"#)
            #expect(answer.status == 400)
            #expect(answer.text("error") == "invalid_target")
            #expect(answer.text("access_token").isEmpty)
        }
        #expect(try fixture.logIn().claims["aud"] == "lanyard")
        let (store, alice) = (fixture.store, fixture.alice)
        let isSet = try await store.setRoles(["lanyard-admin"], ofAccount: alice.id, ifStill: alice.roles)
        #expect(isSet)
        let login = try fixture.logIn(Self.admin)
        #expect(try login.claims["aud"] == "lanyard-admin")
        #expect(try fixture.get("/me", with: login).status == 200)
        #expect(try fixture.get("/verify?audience=lanyard-admin&role=lanyard-admin", with: login).status == 204)
        #expect(try fixture.logIn().claims["aud"] == "lanyard", "it is never the default")
    }

    @Test func `is not told from others to who does not know the password`() async throws {
        let fixture = try await ServiceFixture()
        for name in ["alice", "nobody"] {
            let body = #"{"username":"\#(name)","password":"a wrong password"\#(Self.admin)}"#
            let answer = try fixture.send("POST", "/login", body: body)
            #expect(answer.text("error") == "invalid_credentials")
        }
    }

    @Test func `is not the role in other letters`() async throws {
        let fixture = try await ServiceFixture()
        let (store, alice) = (fixture.store, fixture.alice)
        let isSet = try await store.setRoles(["Lanyard-Admin"], ofAccount: alice.id, ifStill: alice.roles)
        #expect(isSet)
        #expect(try fixture.logIn(Self.admin).text("error") == "invalid_target")
    }
}

/// Who has got a user's token is trusted with as much as the contract says, and with no more.
@Suite struct `A service that a user has shown a token` {
    @Test(arguments: ["feeds", "lanyard"])
    func `can see the account and end its sessions, and take nothing over`(audience: String) async throws {
        let fixture = try await ServiceFixture()
        let (login, other) = (try fixture.logIn(#","audience":"\#(audience)""#), try fixture.logIn())
        #expect(try fixture.get("/me", with: login).status == 200)
        #expect(try fixture.get("/sessions", with: login).status == 200)
        for body in [
            #"{"current_password":"","new_password":"a password of the thief"}"#,
            #"{"current_password":null,"new_password":"a password of the thief"}"#,
            #"{"new_password":"a password of the thief"}"#,
            #"{"current_password":"a guess of the thief","new_password":"a password of the thief"}"#,
        ] {
            let answer = try fixture.post("/password", body, with: login)
            #expect([400, 401].contains(answer.status), "\(body)")
        }
        #expect(try fixture.logIn(password: "a password of the thief").status == 401)
        // Neither a refresh token nor another audience comes of it.
        let form = "grant_type=refresh_token&refresh_token=\(login.text("access_token"))"
        #expect(
            try fixture.send("POST", "/token", body: form, type: "application/x-www-form-urlencoded").status == 400)
        #expect(try fixture.refresh(login.text("access_token"), fields: [login.bearer]).status == 401)
        #expect(try fixture.send("DELETE", "/sessions/\(other.sessionID)", fields: [login.bearer]).status == 204)
        #expect(try fixture.post("/logout", "{}", with: login).status == 204)
        for path in ["/me", "/sessions", "/verify"] {
            #expect(try fixture.get(path, with: login).status == 401, "the session is over: \(path)")
        }
        #expect(try fixture.post("/logout", #"{"all":true}"#, with: login).status == 401)
    }

    @Test func `can do nothing once its audience is not ours any more`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        var claims = try login.claims
        for audience: JSONValue in ["gone", ["gone", "older"], "Lanyard"] {
            claims["aud"] = audience
            let bearer = "Authorization: Bearer \(try fixture.signed(claims))"
            let body = #"{"current_password":"\#(ServiceFixture.password)","new_password":"another password of hers"}"#
            for (method, path, body) in [
                ("GET", "/me", nil), ("GET", "/sessions", nil), ("DELETE", "/sessions/\(try login.sessionID)", nil),
                ("POST", "/password", body), ("POST", "/logout", "{}"), ("POST", "/logout", #"{"all":true}"#),
            ] {
                #expect(try fixture.send(method, path, fields: [bearer], body: body).status == 401, "\(path)")
            }
        }
        #expect(try fixture.get("/me", with: login).status == 200)
    }

    @Test func `can do nothing for the account with a token of its own`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        var claims = try fixture.logIn().claims
        claims["sid"] = nil
        let bearer = "Authorization: Bearer \(try fixture.signed(claims))"
        for (method, path) in [
            ("GET", "/me"), ("GET", "/sessions"), ("DELETE", "/sessions/AAAAAAAAAAAAAAAAAAAAAA"),
            ("POST", "/password"), ("POST", "/logout"),
        ] {
            #expect(try fixture.send(method, path, fields: [bearer]).status == 401, "\(path)")
        }
    }
}
