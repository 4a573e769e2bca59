// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: refresh` {
    /// When ``atThree(_:)`` has last rotated.
    static let rotatedAt = Fixture.start + .seconds(40)

    /// Hands `body` a store with a session whose row is 3, 2.
    static func atThree(_ kind: StoreKind, _ body: (any Store, Account) async throws -> Void) async throws {
        try await withStore(kind) { store in
            var account = Fixture.account()
            try await store.add(account)
            account.lastLoginAt = Fixture.start
            _ = try await store.opened(Fixture.opening(), at: Fixture.start)
            for generation: Int64 in [1, 2] {
                let now = Fixture.start + .seconds(20 * generation)
                #expect(try await store.advanced(Fixture.advance(generation), at: now).decision == .rotate)
            }
            try await body(store, account)
        }
    }

    @Test(arguments: StoreKind.allCases, RefreshCase.all)
    func `follows the table, and keeps what it decided`(kind: StoreKind, row: RefreshCase) async throws {
        try await Self.atThree(kind) { store, account in
            let now = Self.rotatedAt + row.age
            var lifetimes = Fixture.lifetimes
            lifetimes.refreshGrace = row.grace
            let advanced = try await store.advanced(Fixture.advance(row.generation, lifetimes: lifetimes), at: now)
            if row.decision == .reuse {
                guard case .reused(let ended) = advanced else { throw Unexpected.answer("\(advanced)") }
                #expect(ended.cause == .reuse)
                #expect(ended.endedAt == now)
                #expect([ended.current, ended.previous] == [3, 2])
                #expect(try await store.advanced(Fixture.advance(3), at: now) == .over(.reuse, ended, isNews: false))
                return
            }
            guard case .advanced(row.decision, let session, account, at: now) = advanced else {
                throw Unexpected.answer("\(advanced)")
            }
            #expect([session.current, session.previous] == row.generations ?? [3, 2])
            #expect(session.rotatedAt == Self.rotatedAt + (row.rotation ?? .zero))
            #expect(session.endedAt == nil)
            // The newest token, at the moment it was made: what is stored, untouched.
            let stored = try await store.advanced(Fixture.advance(session.current), at: session.rotatedAt)
            #expect(stored.session == session)
            #expect(stored.decision == .keep)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `voids the generation that recovery skips`(kind: StoreKind) async throws {
        try await Self.atThree(kind) { store, _ in
            let now = Self.rotatedAt + .seconds(10)
            #expect(try await store.advanced(Fixture.advance(2), at: now).decision == .recover)
            #expect(try await store.advanced(Fixture.advance(2), at: now).decision == .replay)
            #expect(try await store.advanced(Fixture.advance(4), at: now).decision == .keep)
            let thief = try await store.advanced(Fixture.advance(3), at: now)
            guard case .reused = thief else { throw Unexpected.answer("\(thief)") }
            #expect(try await store.advanced(Fixture.advance(4), at: now).cause == .reuse)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `knows no session of another id`(kind: StoreKind) async throws {
        try await Self.atThree(kind) { store, _ in
            for id in ["Session", "sessio", ""] as [SessionID] {
                let advanced = try await store.advanced(Fixture.advance(3, of: id), at: Self.rotatedAt)
                #expect(advanced == .unknown)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends a session that was idle for too long, for good`(kind: StoreKind) async throws {
        try await Self.atThree(kind) { store, _ in
            let end = Self.rotatedAt + Fixture.lifetimes.idle
            let last = try await store.advanced(
                Fixture.advance(
                    3, lifetimes: .init(idle: .seconds(1_000), absolute: .seconds(5_000), refreshGrace: .seconds(1_000))
                ),
                at: end - .milliseconds(1))
            #expect(last.decision == .keep)
            let over = try await store.advanced(Fixture.advance(3), at: end + .seconds(7))
            guard case .over(.idle, let session, _) = over else { throw Unexpected.answer("\(over)") }
            #expect(session.endedAt == end)
            #expect(session.cause == .idle)
            // Neither a clock that goes back nor a longer lifetime brings it back.
            #expect(
                try await store.advanced(Fixture.advance(3), at: Self.rotatedAt) == .over(.idle, session, isNews: false)
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends a session whose absolute lifetime is over, however busy it is`(kind: StoreKind) async throws {
        try await Self.atThree(kind) { store, _ in
            let end = Fixture.start + Fixture.lifetimes.absolute
            var generation: Int64 = 3
            var now = Self.rotatedAt
            while now + .seconds(999) < end {
                now = now + .seconds(999)
                #expect(try await store.advanced(Fixture.advance(generation), at: now).decision == .rotate)
                generation += 1
            }
            now = end - .milliseconds(1)
            #expect(try await store.advanced(Fixture.advance(generation), at: now).decision == .rotate)
            let over = try await store.advanced(Fixture.advance(generation + 1), at: end)
            guard case .over(.expired, let session, _) = over else { throw Unexpected.answer("\(over)") }
            #expect(session.endedAt == end)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `does not take a token of a session that is over for theft`(kind: StoreKind) async throws {
        try await Self.atThree(kind) { store, _ in
            let end = Self.rotatedAt + Fixture.lifetimes.idle
            let over = try await store.advanced(Fixture.advance(1), at: end)
            #expect(over.cause == .idle)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `knows how long access tokens of a session can live`(kind: StoreKind) async throws {
        try await Self.atThree(kind) { store, _ in
            // At each refresh: rotation + grace + the longest access lifetime so far, and never less than before.
            func tokensUntil(_ generation: Int64, _ now: UnixTime) async throws -> UnixTime? {
                try await store.advanced(Fixture.advance(generation), at: now).session?.tokensUntil
            }
            #expect(try await tokensUntil(3, Self.rotatedAt) == Self.rotatedAt + .seconds(10))
            try await store.raiseLongestAccessLifetime(to: .seconds(600))
            #expect(try await tokensUntil(3, Self.rotatedAt) == Self.rotatedAt + .seconds(610))
            let later = Self.rotatedAt + .seconds(100)
            #expect(try await tokensUntil(3, later) == later + .seconds(610))
            let earlier = Self.rotatedAt
            #expect(try await tokensUntil(4, earlier) == later + .seconds(610))
        }
    }
}
