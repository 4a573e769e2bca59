// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardStore
import Testing

/// What an operator sees and ends of the sessions of accounts.
@Suite struct `An operator` {
    @Test func `sees the sessions of an account that are not over, newest first`() async throws {
        let fixture = try await ServiceFixture()
        let first = SessionID(try fixture.logIn().sessionID)
        fixture.clock.advance(by: .seconds(10))
        let second = SessionID(try fixture.logIn().sessionID)
        _ = try await fixture.logInBob()
        let list = ListSessions(
            store: fixture.store, lifetimes: Self.lifetimes, now: { [clock = fixture.clock] in clock.now })
        #expect(try await list(ofAccount: "Alice").map(\.id) == [second, first])
        try await revocation(fixture)(first)
        #expect(try await list(ofAccount: "alice").map(\.id) == [second])
        fixture.clock.advance(by: Self.lifetimes.idle)
        #expect(try await list(ofAccount: "alice").isEmpty)
    }

    @Test(arguments: ["nobody", "", "a\u{0}b"])
    func `is told that there is no such account`(name: String) async throws {
        let fixture = try await ServiceFixture()
        let list = ListSessions(store: fixture.store, lifetimes: Self.lifetimes, now: { fixture.clock.now })
        await #expect(throws: AccountError.notFound) { try await list(ofAccount: name) }
        let revoke = revocation(fixture)
        await #expect(throws: AccountError.notFound) { try await revoke(ofAccount: name) }
    }

    @Test func `ends a session once`() async throws {
        let fixture = try await ServiceFixture()
        let id = SessionID(try fixture.logIn().sessionID)
        let other = SessionID(try fixture.logIn().sessionID)
        let revoke = revocation(fixture)
        try await revoke(id)
        await #expect(throws: RevokeSessions.Refusal.over(id: id)) { try await revoke(id) }
        await #expect(throws: RevokeSessions.Refusal.unknown(id: "x")) { try await revoke("x") }
        #expect(try await fixture.store.session(id: id)?.session.cause == .revoked)
        #expect(try await fixture.store.session(id: other)?.session.endedAt == nil)
    }

    @Test func `ends those of one account`() async throws {
        let fixture = try await ServiceFixture()
        let ids = try [fixture.logIn(), fixture.logIn()].map { SessionID(try $0.sessionID) }
        let bob = try await fixture.logInBob().sessionID
        let revoke = revocation(fixture)
        #expect(try await Set(revoke(ofAccount: "alice").map(\.id)) == Set(ids))
        #expect(try await revoke(ofAccount: "alice").isEmpty)
        #expect(try await fixture.store.session(id: SessionID(bob))?.session.endedAt == nil)
    }

    @Test func `is told that the store does not answer`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .endSessions) })
        let revoke = revocation(fixture)
        await #expect(throws: RevokeSessions.Refusal.store(.unavailable)) { try await revoke("x") }
        await #expect(throws: AccountError.store(.unavailable)) { try await revoke(ofAccount: "alice") }
    }

    private static let lifetimes = SessionLifetimes(
        idle: .seconds(14 * 86_400), absolute: .seconds(30 * 86_400), refreshGrace: .seconds(10))

    private func revocation(_ fixture: ServiceFixture) -> RevokeSessions {
        RevokeSessions(store: fixture.store, lifetimes: Self.lifetimes, now: { [clock = fixture.clock] in clock.now })
    }
}
