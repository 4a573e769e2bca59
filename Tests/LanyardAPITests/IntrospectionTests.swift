// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `Introspection` {
    @Test func `says what the token of a login says`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient("feeds", roles: [])
        let login = try fixture.logIn(#","audience":["feeds","lanyard"],"roles":["writer"]"#)
        let claims = try login.claims
        for hint in ["", "&token_type_hint=access_token", "&token_type_hint=refresh_token", "&token_type_hint=x"] {
            let answer = try fixture.introspect(login.text("access_token") + hint, secret)
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            #expect(answer["cache-control"] == "no-store")
            let said = try answer.json
            #expect(
                said.members.map(\.name) == [
                    "active", "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "token_type", "username",
                    "sid", "roles",
                ])
            #expect(said["active"] == true)
            #expect(said["token_type"] == "Bearer")
            #expect(said["username"] == "alice")
            #expect(said["roles"] == ["writer"])
            for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "sid"] {
                #expect(said[name] == claims[name] && said[name] != nil, "\(name)")
            }
        }
    }

    @Test func `says what the token of a service says, to any service`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let admin = try await fixture.addClient("admin", roles: ["lanyard-admin"])
        let token = try fixture.clientToken(admin, "&audience=lanyard-admin", as: "admin").text("access_token")
        let said = try fixture.introspect(token, secret).json
        #expect(
            said.members.map(\.name) == [
                "active", "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "token_type", "roles",
            ])
        #expect(said["active"] == true && said["sub"] == "admin" && said["client_id"] == "admin")
        #expect(said["aud"] == "lanyard-admin" && said["roles"] == ["lanyard-admin"])
    }

    @Test func `calls a token of a session inactive when that is over`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let login = try fixture.logIn()
        try expectActive(login, true, fixture, secret)
        #expect(try fixture.post("/logout", "{}", with: login).status == 204)
        try expectActive(login, false, fixture, secret)

        let other = try fixture.logIn()
        try expectActive(other, true, fixture, secret)
        fixture.clock.advance(by: .seconds(899))
        try expectActive(other, true, fixture, secret)
        fixture.clock.advance(by: .seconds(1))
        try expectActive(other, false, fixture, secret)
    }

    @Test func `calls a token inactive whose account is disabled or removed`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let bob = try await fixture.logInBob()
        let bobID = try #require(try bob.claims["sub"]?.string)
        try expectActive(bob, true, fixture, secret)
        _ = try await fixture.store.setDisabled(true, account: AccountID(bobID), at: fixture.clock.now)
        try expectActive(bob, false, fixture, secret)
        let alice = try fixture.logIn()
        _ = try await fixture.store.removeAccount(id: fixture.alice.id, at: fixture.clock.now)
        try expectActive(alice, false, fixture, secret)
    }

    @Test func `calls a token of a removed client inactive, also when another has its name`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let billing = try await fixture.addClient("billing")
        let token = try fixture.clientToken(billing, as: "billing")
        try expectActive(token, true, fixture, secret)
        try await fixture.removeClient("billing")
        try expectActive(token, false, fixture, secret)
        fixture.clock.advance(by: .seconds(1))
        let again = try await fixture.addClient("billing")
        try expectActive(token, false, fixture, secret)
        try expectActive(try fixture.clientToken(again, as: "billing"), true, fixture, secret)
    }

    struct Odd: CustomTestStringConvertible, Sendable {
        let name: String
        let change: @Sendable (JSONObject) -> JSONObject
        var type = "at+jwt"
        var testDescription: String { name }
    }

    static let odd = [
        Odd(name: "another issuer", change: { $0.with("iss", "https://other.example") }),
        Odd(name: "another audience", change: { $0.with("aud", "other") }),
        Odd(name: "another session", change: { $0.with("sid", "AAAAAAAAAAAAAAAAAAAAAA") }),
        Odd(name: "another account", change: { $0.with("sub", "other") }),
        Odd(name: "no session", change: { $0.with("sid", nil) }),
        Odd(name: "not yet", change: { $0.with("nbf", 1_800_000_031) }),
        Odd(name: "over", change: { $0.with("exp", 1_800_000_000) }),
        Odd(name: "a client that is not its subject", change: { $0.with("sid", nil).with("client_id", "feeds") }),
        Odd(name: "another type", change: { $0 }, type: "statuslist+jwt"),
    ]

    @Test(arguments: odd)
    func `calls inactive what the own key has signed for something else`(odd: Odd) async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let claims = try fixture.logIn().claims
        let good = try fixture.signed(claims)
        #expect(try fixture.introspect(good, secret).json["active"] == true)
        let token = try fixture.signed(odd.change(claims), type: odd.type)
        expectInactive(try fixture.introspect(token, secret))
    }

    @Test func `says nothing of refresh tokens and of what is no token`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let login = try fixture.logIn()
        let access = login.text("access_token")
        for token in [
            login.text("refresh_token"), "x", "..", access + "x", String(access.dropLast(2)),
            String(repeating: "a", count: 60_000), "%00", "%F0%9F%98%80",
        ] {
            expectInactive(try fixture.introspect(token, secret))
        }
    }

    @Test func `asks for a token`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        for form in ["", "token=", "token_type_hint=access_token", "token=a&token=a"] {
            let answer = try fixture.post(form: form, to: "/introspect", fields: [basic("feeds", secret)])
            expectOAuthError(answer, 400, "invalid_request", "\(form)")
        }
        let login = try fixture.logIn()
        let bearer = try fixture.post(form: "token=x", to: "/introspect", fields: [login.bearer])
        expectOAuthError(bearer, 401, "invalid_client", "a token is no client")
        expectOAuthError(try fixture.post(form: "token=x&client_id=lanyard", to: "/introspect"), 401, "invalid_client")
    }

    @Test func `does not call a token inactive while the store is away`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        let secret = try await fixture.addClient()
        let answer = try fixture.introspect(fixture.logIn().text("access_token"), secret)
        #expect(answer.status == 503)
        #expect(answer.text("error") == "store_unavailable")
    }

    private func expectActive(
        _ login: RawResponse, _ isActive: Bool, _ fixture: ServiceFixture, _ secret: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answer = try fixture.introspect(login.text("access_token"), secret)
        if isActive {
            #expect(try answer.json["active"] == true, sourceLocation: sourceLocation)
        } else {
            expectInactive(answer, sourceLocation: sourceLocation)
        }
    }

    private func expectInactive(_ answer: RawResponse, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(answer.status == 200, sourceLocation: sourceLocation)
        #expect(answer["cache-control"] == "no-store", sourceLocation: sourceLocation)
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"active":false}"#, sourceLocation: sourceLocation)
    }
}

extension JSONObject {
    /// The object with another value, or none, under `name`.
    fileprivate func with(_ name: String, _ value: JSONValue?) -> JSONObject {
        var changed = JSONObject()
        for member in members where member.name != name { changed[member.name] = member.value }
        if let value { changed[name] = value }
        return changed
    }
}
