// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: ending sessions` {
    static let later = Fixture.start + .seconds(20)

    /// Hands `body` a store with two accounts, of which alice has the sessions a1, a2 and a3, and bob has b1.
    static func founded(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
        try await withStore(kind) { store in
            for account in [alice, bob] { try await store.add(account) }
            for (index, id) in (["a1", "a2", "a3"] as [SessionID]).enumerated() {
                _ = try await store.opened(
                    Fixture.opening(id, of: alice), at: Fixture.start + .seconds(index))
            }
            _ = try await store.opened(Fixture.opening("b1", of: bob), at: Fixture.start)
            try await body(store)
        }
    }

    static let alice = Fixture.account("alice")
    static let bob = Fixture.account("bob")

    static func ended(_ ids: SessionID..., by cause: Session.Cause = .logout) -> [EndedSession] {
        ids.map { EndedSession(id: $0, accountID: $0 == "b1" ? bob.id : alice.id, cause: cause) }
    }

    static func end(
        _ scope: SessionEnding.Scope, in store: any Store, at now: UnixTime = later
    ) async throws -> SessionsEnded {
        let ending = SessionEnding(scope, cause: .logout, lifetimes: Fixture.lifetimes)
        var result = try await store.endSessions(ending, at: now)
        result.ended.sort { $0.id < $1.id }
        return result
    }

    static func live(_ store: any Store, _ account: Account = alice, at now: UnixTime = later) async throws
        -> [SessionID]
    {
        try await store.sessions(ofAccount: account.id, lifetimes: Fixture.lifetimes, limit: 10, at: now).map(\.id)
    }

    @Test(arguments: StoreKind.allCases)
    func `ends one, once, and leaves the others`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            #expect(try await Self.live(store) == ["a3", "a2", "a1"])
            let scope = SessionEnding.Scope.one(id: "a2", account: nil)
            #expect(try await Self.end(scope, in: store) == SessionsEnded(ended: Self.ended("a2")))
            #expect(try await Self.end(scope, in: store) == SessionsEnded(ended: []))
            #expect(try await Self.live(store) == ["a3", "a1"])
            #expect(try await store.advanced(Fixture.advance(1, of: "a2"), at: Self.later).cause == .logout)
            let owned = try await store.session(id: "a2")
            #expect(owned?.session.endedAt == Self.later)
            #expect(owned?.session.cause == .logout)
            #expect(owned?.account.id == Self.alice.id)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `knows no session but those of the account that is named`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            let strangers: [SessionEnding.Scope] = [
                .one(id: "a1", account: Self.bob.id), .one(id: "nobody", account: nil),
                .allBeside(id: "nobody", generation: nil),
            ]
            for scope in strangers {
                #expect(try await Self.end(scope, in: store) == SessionsEnded(ended: [], isKnown: false))
            }
            let nobody = try await store.session(id: "nobody")
            #expect(nobody == nil)
            #expect(try await Self.live(store) == ["a3", "a2", "a1"])
            let scope = SessionEnding.Scope.one(id: "a1", account: Self.alice.id)
            #expect(try await Self.end(scope, in: store).ended == Self.ended("a1"))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends all of an account, those that are over not again`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            _ = try await Self.end(.one(id: "a1", account: nil), in: store)
            #expect(try await Self.end(.all(account: Self.alice.id), in: store).ended == Self.ended("a2", "a3"))
            #expect(try await Self.live(store) == [])
            #expect(try await Self.live(store, Self.bob) == ["b1"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends all beside a session, for a token that is not older than the one before the newest`(
        kind: StoreKind
    ) async throws {
        // After a rotation and a recovery the session stands at 3, and 1 before; 2 is void.
        for (generation, all) in [(Int64?.none, true), (3, true), (1, true), (4, true), (2, false), (0, false)] {
            try await Self.founded(kind) { store in
                for seconds in [20, 40] {
                    _ = try await store.advanced(
                        Fixture.advance(1, of: "a2"), at: Fixture.start + .seconds(seconds))
                }
                let scope = SessionEnding.Scope.allBeside(id: "a2", generation: generation)
                let ended = try await Self.end(scope, in: store, at: Fixture.start + .seconds(60)).ended
                #expect(ended == (all ? Self.ended("a1", "a2", "a3") : Self.ended("a2")), "\(generation ?? -1)")
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends nothing beside a session that is over`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            _ = try await Self.end(.one(id: "a2", account: nil), in: store)
            let scope = SessionEnding.Scope.allBeside(id: "a2", generation: 1)
            #expect(try await Self.end(scope, in: store) == SessionsEnded(ended: []))
            #expect(try await Self.live(store) == ["a3", "a1"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends everything, some at a time`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            let first = try await Self.end(.any(after: "", limit: 3), in: store)
            #expect(first == SessionsEnded(ended: Self.ended("a1", "a2", "a3"), last: "a3"))
            let second = try await Self.end(.any(after: "a3", limit: 3), in: store)
            #expect(second == SessionsEnded(ended: Self.ended("b1")))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `leaves a session whose lifetime is over for the sweep to tell of`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            let idle = Fixture.start + Fixture.lifetimes.idle + .seconds(2)
            #expect(try await Self.live(store, at: idle) == [])
            #expect(try await Self.end(.all(account: Self.alice.id), in: store, at: idle).ended == [])
            let sweep = try await store.sweepSessions(
                lifetimes: Fixture.lifetimes, limit: 9, at: idle + .seconds(100_000))
            #expect(sweep.count == 4)
            #expect(Set(sweep.unnoticed.map(\.id)) == ["a1", "a2", "a3", "b1"])
            #expect(sweep.unnoticed.allSatisfy { $0.cause == .idle })
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `disables an account with its sessions, and enables it without`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            let now = Self.later
            let ended = try await store.setDisabled(true, account: Self.alice.id, at: now)
            #expect(ended?.sorted { $0.id < $1.id } == Self.ended("a1", "a2", "a3", by: .disabled))
            let opening = Fixture.opening("a4", of: Self.alice)
            #expect(try await store.openSession(opening, at: now) == .accountChanged)
            let again = try await store.setDisabled(true, account: Self.alice.id, at: now + .seconds(1))
            #expect(again == [])
            let disabled = try await store.account(id: Self.alice.id)
            #expect(disabled?.disabledAt == now)

            let none = try await store.setDisabled(false, account: Self.alice.id, at: now)
            #expect(none == [])
            let found = try await store.account(id: Self.alice.id)
            let enabled = try #require(found)
            #expect(enabled.disabledAt == nil)
            #expect(try await Self.live(store) == [], "what has ended stays so")
            _ = try await store.opened(Fixture.opening("a5", of: enabled), at: now)
            let unknown = try await store.setDisabled(true, account: "x", at: now)
            #expect(unknown == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps one session through a new password, and sets none on an account that has changed`(
        kind: StoreKind
    ) async throws {
        try await Self.founded(kind) { store in
            let stale = PasswordConditions(keeping: "a2", epoch: Self.alice.epoch + 1)
            let refused = try await store.setPassword([9], ofAccount: Self.alice.id, stale, at: Self.later)
            #expect(refused == nil)
            #expect(try await Self.live(store) == ["a3", "a2", "a1"])
            let conditions = PasswordConditions(keeping: "a2", epoch: Self.alice.epoch)
            let ended = try await store.setPassword([9], ofAccount: Self.alice.id, conditions, at: Self.later)
            #expect(ended?.sorted { $0.id < $1.id } == Self.ended("a1", "a3", by: .password))
            #expect(try await Self.live(store) == ["a2"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sets roles on an account whose roles are as they were seen`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            func set(_ roles: Roles, ifStill expected: Roles) async throws -> Bool {
                try await store.setRoles(roles, ofAccount: Self.alice.id, ifStill: expected)
            }
            #expect(try await set(["writer"], ifStill: []) == false)
            #expect(try await set(["writer", "reader"], ifStill: Self.alice.roles))
            #expect(try await set([], ifStill: ["reader", "writer"]) == false)
            let account = try await store.account(id: Self.alice.id)
            #expect(account?.roles == ["writer", "reader"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `decides nothing for a client that has gone`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            var advance = Fixture.advance(1, of: "a1")
            advance.isWanted = { false }
            guard case .abandoned = try await store.advanced(advance, at: Self.later) else {
                Issue.record("decided all the same")
                return
            }
            #expect(try await store.advanced(Fixture.advance(1, of: "a1"), at: Self.later).decision == .rotate)
        }
    }
}
