// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `Refresh` {
    @Test func `keeps, rotates, replays and recovers as time goes on`() async throws {
        let fixture = try await ServiceFixture()
        let first = try fixture.logIn().text("refresh_token")
        let kept = try fixture.refresh(first)
        #expect(kept.status == 200)
        #expect(kept.text("refresh_token") == first)

        fixture.clock.advance(by: .seconds(10))
        let second = try fixture.refresh(first).text("refresh_token")
        #expect(second != first)
        #expect(try fixture.refresh(first).text("refresh_token") == second)

        fixture.clock.advance(by: .seconds(10))
        let third = try fixture.refresh(first).text("refresh_token")
        #expect(third != second)
        #expect(try fixture.refresh(third).text("refresh_token") == third)
    }

    @Test func `ends the session when a void token comes back`() async throws {
        let fixture = try await ServiceFixture()
        let first = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(10))
        let second = try fixture.refresh(first).text("refresh_token")
        fixture.clock.advance(by: .seconds(10))
        let third = try fixture.refresh(first).text("refresh_token")
        let reused = try fixture.refresh(second)
        #expect(reused.status == 401)
        #expect(reused.text("error") == "invalid_grant")
        #expect(reused["www-authenticate"] == #"Bearer realm="https://auth.example.com""#)
        #expect(try fixture.refresh(third).status == 401)
    }

    @Test func `makes tokens of the same login with a later expiry`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn(#","audience":["feeds"],"roles":["reader"]"#)
        let loggedInAt = fixture.clock.now
        fixture.clock.advance(by: .seconds(600))
        let answer = try fixture.refresh(login.text("refresh_token"))
        let before = try fixture.verify(login.text("access_token"), audience: "feeds")
        let after = try fixture.verify(answer.text("access_token"), audience: "feeds")
        #expect(after.sessionID == before.sessionID)
        #expect(after.authenticatedAt == NumericDate(loggedInAt))
        #expect(after.expires == NumericDate(fixture.clock.now + .seconds(900)))
        #expect(after.roles == ["reader"])
        #expect(after.id != before.id)
    }

    @Test func `never makes a token that outlives the session`() async throws {
        let fixture = try await ServiceFixture { configuration in
            configuration.policies.sessions.lifetimes.idle = .seconds(1_000)
            configuration.policies.sessions.lifetimes.absolute = .seconds(1_000)
        }
        let login = try fixture.logIn()
        fixture.clock.advance(by: .seconds(700))
        let answer = try fixture.refresh(login.text("refresh_token"))
        #expect(try answer.json["expires_in"] == 300)
        #expect(try answer.json["refresh_expires_in"] == 300)
        fixture.clock.advance(by: .seconds(300))
        #expect(try fixture.refresh(answer.text("refresh_token")).status == 401)
    }

    @Test func `is over after the idle lifetime`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.lifetimes.idle = .seconds(60) }
        let token = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(59))
        let next = try fixture.refresh(token).text("refresh_token")
        fixture.clock.advance(by: .seconds(60))
        #expect(try fixture.refresh(next).status == 401)
    }

    @Test func `tells how long the refresh token is good, which is to the end of the session at most`() async throws {
        let fixture = try await ServiceFixture { configuration in
            configuration.policies.sessions.lifetimes.idle = .seconds(100)
            configuration.policies.sessions.lifetimes.absolute = .seconds(250)
            configuration.policies.sessions.lifetimes.refreshGrace = .seconds(20)
        }
        var answer = try fixture.logIn()
        let end = fixture.clock.now + .seconds(250)
        #expect(try answer.json["refresh_expires_in"] == 100)
        // Seconds that pass, and what is left of the session then. Within the grace nothing is written, so a session that
        // is kept idles on from its last rotation.
        for (pause, left) in [(19, 81), (1, 100), (90, 100), (60, 80), (15, 65), (64, 1)] {
            fixture.clock.advance(by: .seconds(pause))
            answer = try fixture.refresh(answer.text("refresh_token"))
            #expect(try answer.json["refresh_expires_in"] == .init(integerLiteral: Int64(left)), "after \(pause) s")
            #expect(try fixture.verify(answer.text("access_token")).expires.secondsSinceEpoch <= Double(end.seconds))
        }
        fixture.clock.advance(by: .seconds(1))
        #expect(try fixture.refresh(answer.text("refresh_token")).text("error") == "invalid_grant")
    }

    @Test(arguments: [(99, 200), (100, 401)])
    func `does not outlive its idle lifetime by being kept`(elapsed: Int, status: Int) async throws {
        let fixture = try await ServiceFixture { configuration in
            configuration.policies.sessions.lifetimes.idle = .seconds(100)
            configuration.policies.sessions.lifetimes.refreshGrace = .seconds(60)
        }
        let token = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(50))
        #expect(try fixture.refresh(token).text("refresh_token") == token)
        fixture.clock.advance(by: .seconds(elapsed - 50))
        #expect(try fixture.refresh(token).status == status)
    }

    @Test(arguments: ["", "x", "rt1.AAAAAAAAAAAAAAAAAAAAAA.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func `asks the store nothing about a forged token`(token: String) async throws {
        let fixture = try await ServiceFixture(wrapping: { _ in AwayStore() })
        let answer = try fixture.refresh(token)
        #expect(answer.status == 401)
        #expect(answer.text("error") == "invalid_grant")
    }

    @Test func `is refused while the store is away, and never as a bad token`() async throws {
        let fixture = try await ServiceFixture(wrapping: { RefreshingStore($0) { _ in .failure(.unavailable) } })
        let answer = try fixture.refresh(fixture.logIn().text("refresh_token"))
        #expect(answer.status == 503)
        #expect(answer.text("error") == "store_unavailable")
        #expect(answer["retry-after"] == "2")
    }

    @Test func `gives the roles that were asked for and are still held`() async throws {
        let losingWriter = { @Sendable (store: MemoryStore) in
            RefreshingStore(store) { result in
                guard case .success(.advanced(let decision, let session, var account, let at)) = result else {
                    return result
                }
                account.roles = ["reader", "auditor"]
                return .success(.advanced(decision, session, account, at: at))
            }
        }
        let fixture = try await ServiceFixture(wrapping: losingWriter)
        let all = try fixture.refresh(fixture.logIn().text("refresh_token"))
        #expect(try fixture.verify(all.text("access_token")).roles == ["reader", "auditor"])
        let asked = try fixture.logIn(#","roles":["writer","reader"]"#).text("refresh_token")
        #expect(try fixture.verify(fixture.refresh(asked).text("access_token")).roles == ["reader"])
    }

    @Test func `makes no token that lives for less than a second`() async throws {
        let fixture = try await ServiceFixture { configuration in
            configuration.policies.sessions.lifetimes.idle = .seconds(20)
            configuration.policies.sessions.lifetimes.absolute = .seconds(20)
        }
        let token = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .milliseconds(19_500))
        #expect(try fixture.refresh(token).json["expires_in"] == 1)
        fixture.clock.advance(by: .milliseconds(499))
        #expect(try fixture.refresh(token).status == 200)
        fixture.clock.advance(by: .milliseconds(1))
        #expect(try fixture.refresh(token).status == 401)
    }

    @Test func `takes a form, and refuses a body without a token`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        let form = "application/x-www-form-urlencoded"
        #expect(try fixture.send("POST", "/refresh", body: "refresh_token=\(token)", type: form).status == 200)
        let twice = "refresh_token=\(token)&refresh_token=\(token)"
        #expect(try fixture.send("POST", "/refresh", body: twice, type: form).text("error") == "invalid_request")
        #expect(try fixture.send("POST", "/refresh", body: "{}").text("error") == "invalid_request")
        #expect(try fixture.send("POST", "/refresh", body: "{}", type: "text/plain").status == 415)
        #expect(try fixture.send("POST", "/refresh").status == 400)
    }
}
