// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

/// Times that a wrong clock has written, and what a right one makes of them.
@Suite(.timeLimit(.minutes(5))) struct `Store contract: clocks` {
    static let day = Duration.seconds(86_400)
    static let lifetimes = SessionLifetimes(idle: day * 14, absolute: day * 30, refreshGrace: .seconds(10))
    static let years = day * 36_525

    /// Hands `body` a store with an account and a session that was opened at the start.
    static func withSession(_ kind: StoreKind, _ body: (any Store, Account) async throws -> Void) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            try await store.add(account)
            _ = try await record(store, at: Fixture.start)
            _ = try await store.opened(Fixture.opening(of: account, lifetimes: lifetimes), at: Fixture.start)
            try await body(store, account)
        }
    }

    @discardableResult
    static func record(_ store: any Store, at now: UnixTime, replacing stale: UnixTime? = nil) async throws -> UnixTime
    {
        try await store.recordClock(at: now, replacing: stale)
    }

    static func advance(_ store: any Store, _ generation: Int64, at now: UnixTime) async throws -> SessionAdvanced {
        try await store.advanced(Fixture.advance(generation, lifetimes: lifetimes), at: now)
    }

    @Test(arguments: StoreKind.allCases)
    func `records the latest time, and lowers the record that it was told is stale`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let start = Fixture.start
            let first = try await Self.record(store, at: start)
            #expect(first == start)
            #expect(try await Self.record(store, at: start - .seconds(100)) == start)
            #expect(try await Self.record(store, at: start + .seconds(60)) == start + .seconds(60))
            #expect(try await Self.record(store, at: start, replacing: start) == start + .seconds(60), "it was renewed")
            #expect(try await Self.record(store, at: start, replacing: start + .seconds(60)) == start)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `remembers the issuer that was served last`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let none = try await store.recordIssuer("https://a")
            #expect(none == nil)
            #expect(try await store.recordIssuer("https://a") == "https://a")
            #expect(try await store.recordIssuer("https://b") == "https://a")
            #expect(try await store.recordIssuer("https://b") == "https://b")
        }
    }

    @Test(arguments: StoreKind.allCases, [Duration.zero, day * 13])
    func `a refresh by a server fifteen days behind does not end a session`(
        kind: StoreKind, age: Duration
    ) async throws {
        try await Self.withSession(kind) { store, _ in
            var now = Fixture.start
            // A session that was opened long before, so that its login is no sign of the right time.
            if age > .zero {
                now = now + age
                #expect(try await Self.advance(store, 1, at: now).decision == .rotate)
                try await Self.record(store, at: now)
            }
            let generation: Int64 = age > .zero ? 2 : 1
            let behind = now - Self.day * 15 + .seconds(60)
            #expect(try await Self.record(store, at: behind) == now)
            let kept = try await Self.advance(store, generation, at: behind)
            #expect(kept.decision == .keep)
            #expect(kept.session?.current == generation)
            let right = now + .seconds(120)
            try await Self.record(store, at: right)
            #expect(try await Self.advance(store, generation, at: right).decision == .rotate)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a refresh by a server a little behind does not date the session back`(kind: StoreKind) async throws {
        try await Self.withSession(kind) { store, _ in
            let behind = Fixture.start - .seconds(20)
            let rotated = try await Self.advance(store, 1, at: behind)
            #expect(rotated.decision == .rotate)
            #expect(rotated.session?.rotatedAt == Fixture.start)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `two tabs go on after a refresh by a server ten days ahead, and rotations too`(kind: StoreKind) async throws {
        try await Self.withSession(kind) { store, _ in
            let ahead = Fixture.start + Self.day * 10
            try await Self.record(store, at: ahead)
            #expect(try await Self.advance(store, 1, at: ahead).decision == .rotate)
            let now = Fixture.start + .seconds(60)
            try await Self.record(store, at: now)
            for generation: Int64 in [1, 2, 1, 2] {
                let tab = try await Self.advance(store, generation, at: now)
                #expect(tab.decision == (generation == 1 ? .replay : .keep))
                #expect(tab.session?.current == 2)
                #expect(tab.session?.rotatedAt == now, "put right at once")
            }
            #expect(try await Self.advance(store, 2, at: now + .seconds(10)).decision == .rotate)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a session that was opened a hundred years ahead goes on, and ends in time`(kind: StoreKind) async throws {
        try await Self.withSession(kind) { store, account in
            let ahead = Fixture.start + Self.years
            try await Self.record(store, at: ahead)
            _ = try await store.opened(
                Fixture.opening("late", of: account, lifetimes: Self.lifetimes), at: ahead)
            func advance(_ generation: Int64, at now: UnixTime) async throws -> SessionAdvanced {
                try await store.advanced(
                    Fixture.advance(generation, of: "late", lifetimes: Self.lifetimes), at: now)
            }
            // While the clocks contradict each other.
            let now = Fixture.start + .seconds(60)
            try await Self.record(store, at: now)
            #expect(try await Self.advance(store, 1, at: now).decision == .rotate, "the others go on")
            let doubted = try await advance(1, at: now)
            #expect(doubted.decision == .keep)
            #expect(doubted.session?.createdAt == ahead)
            // When nobody has renewed the record for ten minutes.
            let later = now + .seconds(600)
            try await Self.record(store, at: later, replacing: ahead)
            let corrected = try await advance(1, at: later)
            #expect(corrected.decision == .keep)
            #expect(corrected.session?.rotatedAt == later)
            #expect(corrected.session?.createdAt == later)
            let owned = try await store.session(id: "late")
            #expect(owned?.session == corrected.session, "as it is stored")
            #expect(try await advance(1, at: later + .seconds(10)).decision == .rotate)
            #expect(try await advance(2, at: later + Self.day * 15).cause == .idle)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `without a grace period no clock makes a session young`(kind: StoreKind) async throws {
        try await Self.withSession(kind) { store, _ in
            var lifetimes = Self.lifetimes
            lifetimes.refreshGrace = .zero
            let ahead = Fixture.start + Self.day
            let steps: [(Int64, UnixTime, RefreshDecision)] = [
                (1, ahead, .rotate), (2, Fixture.start, .rotate), (2, Fixture.start, .recover),
                (4, ahead, .rotate), (4, Fixture.start, .recover),
            ]
            for (generation, now, decision) in steps {
                let advance = Fixture.advance(generation, lifetimes: lifetimes)
                let advanced = try await store.advanced(advance, at: now)
                #expect(advanced.decision == decision)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what a server ahead of time ends is shown by the others`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.add(Fixture.account())
            try await store.raiseLongestAccessLifetime(to: .seconds(900))
            let index = try await store.place("s", at: Fixture.start)
            _ = try await store.setDisabled(true, account: Fixture.account().id, at: Fixture.start + Self.day)
            #expect(try await store.shown(at: Fixture.start + .seconds(60)).map(\.index) == [index])
        }
    }
}
