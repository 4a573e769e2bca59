// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: sweep` {
    static let accessLifetime = Duration.seconds(2_000)

    /// Hands `body` a store with an account and access tokens that outlive an idle session by far.
    static func founded(_ kind: StoreKind, _ body: (any Store, Account) async throws -> Void) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            try await store.add(account)
            try await store.raiseLongestAccessLifetime(to: accessLifetime)
            try await body(store, account)
        }
    }

    static func sweep(_ store: any Store, limit: Int = 100, at now: UnixTime) async throws -> Int {
        try await store.sweepSessions(lifetimes: Fixture.lifetimes, limit: limit, at: now).count
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps a session that is over until its last access token is`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store, _ in
            let session = try await store.opened(Fixture.opening(), at: Fixture.start)
            #expect(session.tokensUntil > Fixture.start + Fixture.lifetimes.idle)
            #expect(try await Self.sweep(store, at: session.tokensUntil - .milliseconds(1)) == 0)
            #expect(try await store.advanced(Fixture.advance(1), at: session.tokensUntil).cause == .idle)
            #expect(try await Self.sweep(store, at: session.tokensUntil) == 1)
            #expect(try await store.advanced(Fixture.advance(1), at: session.tokensUntil) == .unknown)
            #expect(try await Self.sweep(store, at: session.tokensUntil) == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sweeps a session that nobody has found over`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store, _ in
            let session = try await store.opened(Fixture.opening(), at: Fixture.start)
            #expect(try await Self.sweep(store, at: session.tokensUntil) == 1)
            #expect(try await store.advanced(Fixture.advance(1), at: Fixture.start) == .unknown)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `spares a session that was refreshed since`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store, _ in
            let session = try await store.opened(Fixture.opening(), at: Fixture.start)
            // Each refresh is at the last moment, so that at each sweep all tokens of the login are long over.
            var now = Fixture.start
            for generation: Int64 in 1...4 {
                now = now + .seconds(999)
                #expect(try await store.advanced(Fixture.advance(generation), at: now).decision == .rotate)
                #expect(try await Self.sweep(store, at: max(now, session.tokensUntil)) == 0)
            }
            let end = now + Fixture.lifetimes.refreshGrace + Self.accessLifetime
            #expect(try await Self.sweep(store, at: end - .milliseconds(1)) == 0)
            #expect(try await Self.sweep(store, at: end) == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `finds the one session that is over among many that were refreshed`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store, account in
            for index in 0..<100 {
                _ = try await store.opened(Fixture.opening("\(index)", of: account), at: Fixture.start)
            }
            let forsaken = try await store.opened(
                Fixture.opening("forsaken", of: account, maximum: 200), at: Fixture.start + .seconds(1))
            for index in 0..<100 {
                let refresh = Fixture.advance(1, of: "\(index)")
                #expect(try await store.advanced(refresh, at: Fixture.start + .seconds(900)).decision == .rotate)
            }
            #expect(try await Self.sweep(store, limit: 1, at: forsaken.tokensUntil) == 1)
            #expect(try await Self.sweep(store, limit: 1, at: forsaken.tokensUntil) == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sweeps a session that was ended early as soon as its tokens are over`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store, account in
            let long = SessionLifetimes(idle: .seconds(900_000), absolute: .seconds(900_000), refreshGrace: .zero)
            for (id, maximum) in [("revoked", 9), ("password", 1), ("theft", 9)] as [(SessionID, Int)] {
                let opening = Fixture.opening(id, of: account, maximum: maximum, lifetimes: long)
                _ = try await store.opened(opening, at: Fixture.start)
            }
            let theft = Fixture.advance(-1, of: "theft", lifetimes: long)
            _ = try await store.advanced(theft, at: Fixture.start)
            _ = try await store.setPassword([1], ofAccount: account.id, PasswordConditions(), at: Fixture.start)
            let end = Fixture.start + Self.accessLifetime
            func swept(at now: UnixTime) async throws -> Int {
                try await store.sweepSessions(lifetimes: long, limit: 9, at: now).count
            }
            #expect(try await swept(at: end - .milliseconds(1)) == 0)
            #expect(try await swept(at: end) == 3)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sweeps no more than it is told, those over for longest first`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store, account in
            for index in 0..<5 {
                _ = try await store.opened(
                    Fixture.opening("\(9 - index)", of: account), at: Fixture.start + .seconds(index))
            }
            let now = Fixture.start + .seconds(100_000)
            #expect(try await Self.sweep(store, limit: 2, at: now) == 2)
            for (id, isThere) in [("9", false), ("8", false), ("7", true), ("6", true), ("5", true)]
                as [(SessionID, Bool)]
            {
                let advanced = try await store.advanced(Fixture.advance(1, of: id), at: now)
                #expect((advanced != .unknown) == isThere, "session \(id)")
            }
            #expect(try await Self.sweep(store, limit: 0, at: now) == 0)
            #expect(try await Self.sweep(store, limit: 9, at: now) == 3)
        }
    }
}
