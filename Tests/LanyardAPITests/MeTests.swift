// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `GET me` {
    @Test func `shows the account and the session, as they are now`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn(#","label":"phone""#)
        let created = fixture.clock.now
        fixture.clock.advance(by: .seconds(60))
        let answer = try fixture.get("/me", with: login)
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["vary"] == "Origin")
        let expected: JSONObject = [
            "id": .string(fixture.alice.id.text), "username": "alice", "email": "alice@example.com",
            "roles": ["reader", "writer"], "claims": ["plan": "gold"],
            "session": [
                "id": .string(try login.sessionID), "label": "phone", "created": .string(created.rfc3339),
                "expires": .string((created + .seconds(14 * 86_400)).rfc3339),
            ],
        ]
        #expect(try answer.json == expected)
    }

    @Test func `says null of what there is none of`() async throws {
        let fixture = try await ServiceFixture()
        let answer = try await fixture.get("/me", with: fixture.logInBob())
        #expect(try answer.json["email"] == .null)
        #expect(try answer.json["roles"] == [])
        #expect(try answer.json["claims"] == [:])
        #expect(try answer.json["session"]?.object?["label"] == .null)
    }

    @Test func `shows the roles that the session has, which may be fewer, and those held still`() async throws {
        let fixture = try await ServiceFixture()
        let all = try fixture.logIn()
        let asked = try fixture.logIn(#","roles":["writer"]"#)
        #expect(try fixture.get("/me", with: asked).json["roles"] == ["writer"])
        _ = try await fixture.store.setRoles(
            ["auditor"], ofAccount: fixture.alice.id, ifStill: ["reader", "writer"])
        #expect(try fixture.get("/me", with: all).json["roles"] == ["auditor"])
        #expect(try fixture.get("/me", with: asked).json["roles"] == [])
    }

    @Test func `moves the end of the session with each rotation, and never beyond the absolute one`() async throws {
        let fixture = try await ServiceFixture {
            $0.policies.sessions.lifetimes.idle = .seconds(600)
            $0.policies.sessions.lifetimes.absolute = .seconds(1_000)
        }
        let login = try fixture.logIn()
        let start = fixture.clock.now
        let expires = { (login: RawResponse) in
            try fixture.get("/me", with: login).json["session"]?.object?["expires"]?.string
        }
        #expect(try expires(login) == (start + .seconds(600)).rfc3339)
        fixture.clock.advance(by: .seconds(300))
        let next = try fixture.refresh(login.text("refresh_token"))
        #expect(try expires(next) == (start + .seconds(900)).rfc3339)
        fixture.clock.advance(by: .seconds(300))
        let last = try fixture.refresh(next.text("refresh_token"))
        #expect(try expires(last) == (start + .seconds(1_000)).rfc3339)
    }

    @Test func `answers HEAD without content`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let head = try fixture.send("HEAD", "/me", fields: [login.bearer])
        #expect(head.status == 200)
        #expect(try head["content-length"] == "\(fixture.get("/me", with: login).body.count)")
    }
}
