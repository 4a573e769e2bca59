// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: what status lists show` {
    static let access = Duration.seconds(900)
    static let later = Fixture.start + .seconds(60)
    /// Of a session that was opened at the start and not refreshed since.
    static let until = Fixture.start + .seconds(10) + access + .seconds(600)

    /// Hands over a store with alice's sessions 1 to 3 and bob's session 4, with the indices 101 to 104 of list 1.
    static func founded(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
        try await withStore(kind, ScriptedDraw.lists([101, 102, 103, 104, 105])) { store in
            let (alice, bob) = (Fixture.account(), Fixture.account("bob"))
            for account in [alice, bob] { try await store.add(account) }
            try await store.raiseLongestAccessLifetime(to: access)
            for (id, owner) in [("1", alice), ("2", alice), ("3", alice), ("4", bob)] as [(SessionID, Account)] {
                _ = try await store.place(id, of: owner, at: Fixture.start)
            }
            try await body(store)
        }
    }

    static func bits(_ indices: Int64...) -> [StatusBit] {
        indices.map { StatusBit(StatusIndex(list: 1, index: $0), until: until) }
    }

    /// A way to end sessions, and the indices whose bits it sets.
    struct Ending: CustomTestStringConvertible, Sendable {
        let name: String
        let indices: [Int64]
        let end: @Sendable (any Store) async throws -> Void
        var testDescription: String { name }

        init(_ name: String, _ indices: [Int64], _ end: @escaping @Sendable (any Store) async throws -> Void) {
            (self.name, self.indices, self.end) = (name, indices, end)
        }

        init(_ name: String, _ indices: [Int64], _ scope: SessionEnding.Scope) {
            self.init(name, indices) { store in
                let ending = SessionEnding(scope, cause: .revoked, lifetimes: Fixture.lifetimes)
                _ = try await store.endSessions(ending, at: later)
            }
        }
    }

    static let endings = [
        Ending("one", [102], .one(id: "2", account: nil)),
        Ending("all of an account", [101, 102, 103], .all(account: Fixture.account().id)),
        Ending("all beside", [101, 102, 103], .allBeside(id: "2", generation: 1)),
        Ending("beside an old token", [102], .allBeside(id: "2", generation: -1)),
        Ending("any", [101, 102, 103, 104], .any(after: "", limit: 9)),
        Ending("some of any", [103, 104], .any(after: "2", limit: 9)),
        Ending("theft", [101]) { store in
            guard case .reused = try await store.advanced(Fixture.advance(-1, of: "1"), at: later) else {
                throw Unexpected.answer("no theft")
            }
        },
        Ending("a login beyond the maximum", [101, 102]) { store in
            let opening = Fixture.opening("5", maximum: 2, hasStatus: true)
            _ = try await store.openSession(opening, at: later)
        },
        Ending("a new password", [101, 102, 103]) { store in
            let (id, none) = (Fixture.account().id, PasswordConditions())
            _ = try await store.setPassword([1], ofAccount: id, none, at: later)
        },
        Ending("a new password of the owner", [101, 103]) { store in
            let (id, kept) = (Fixture.account().id, PasswordConditions(keeping: "2"))
            _ = try await store.setPassword([1], ofAccount: id, kept, at: later)
        },
        Ending("disabling", [101, 102, 103]) { store in
            _ = try await store.setDisabled(true, account: Fixture.account().id, at: later)
        },
        Ending("removal", [104]) { store in
            _ = try await store.removeAccount(id: Fixture.account("bob").id, at: later)
        },
    ]

    @Test(arguments: StoreKind.allCases, endings)
    func `shows at once what was ended, and says that it changed`(kind: StoreKind, ending: Ending) async throws {
        try await Self.founded(kind) { store in
            let version = try await store.statusVersion()
            #expect(try await store.shown(at: Self.later) == [])
            try await ending.end(store)
            let bits = ending.indices.map { StatusBit(StatusIndex(list: 1, index: $0), until: Self.until) }
            #expect(try await store.shown(at: Self.later) == bits)
            #expect(try await (store.statusVersion() > version) == !bits.isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `sets no bit twice, and moves none`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            try await store.end("2", at: Self.later)
            let version = try await store.statusVersion()
            let again = Self.later + .seconds(30)
            try await store.end("2", at: again)
            _ = try await store.advanced(Fixture.advance(-1, of: "2"), at: again)
            for isDisabled in [true, false] {
                let bob = Fixture.account("bob").id
                _ = try await store.setDisabled(isDisabled, account: bob, at: again)
            }
            #expect(try await store.statusVersion() == version + 1, "bob's session alone")
            #expect(try await store.shown(at: again) == Self.bits(102, 104))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `shows a bit until ten minutes after the last token, as the refreshes have moved it`(
        kind: StoreKind
    ) async throws {
        try await Self.founded(kind) { store in
            _ = try await store.advanced(Fixture.advance(1, of: "3"), at: Self.later)
            for id in ["2", "3"] as [SessionID] { try await store.end(id, at: Self.later) }
            let refreshed = StatusBit(StatusIndex(list: 1, index: 103), until: Self.until + .seconds(60))
            #expect(try await store.shown(at: Self.until - .milliseconds(1)) == Self.bits(102) + [refreshed])
            #expect(try await store.shown(at: Self.until) == [refreshed])
            #expect(try await store.shown(at: refreshed.until) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `keeps a bit though session and account are gone`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            try await store.end("2", at: Self.later)
            let end = Self.until - .milliseconds(1)
            let sweep = try await store.sweepSessions(lifetimes: Fixture.lifetimes, limit: 9, at: end)
            #expect(sweep.count > 0)
            #expect(try await store.session(id: "2") == nil)
            #expect(try await store.shown(at: end) == Self.bits(102))
            _ = try await store.removeAccount(id: Fixture.account().id, at: end)
            #expect(try await store.shown(at: end).contains(Self.bits(102)[0]))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `shows nothing of what time has ended, or of tokens that are long over`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            let version = try await store.statusVersion()
            let idle = Fixture.start + Fixture.lifetimes.idle
            #expect(try await store.advanced(Fixture.advance(1, of: "1"), at: idle).cause == .idle)
            try await store.end("2", at: idle)
            let absolute = Fixture.start + Fixture.lifetimes.absolute
            #expect(try await store.advanced(Fixture.advance(1, of: "3"), at: absolute).cause == .idle)
            #expect(try await store.shown(at: Fixture.start) == [])
            #expect(try await store.statusVersion() == version)
            // An end that no lifetime forestalls, when the last token is over for ten minutes. A server whose clock is behind
            // would still show it.
            _ = try await store.removeAccount(id: Fixture.account("bob").id, at: Self.until)
            #expect(try await store.shown(at: Self.until) == [])
            #expect(try await store.shown(at: Self.until - .milliseconds(1)) == Self.bits(104))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `has no bit for a session without an index`(kind: StoreKind) async throws {
        try await Self.founded(kind) { store in
            let opened = try await store.opened(Fixture.opening("6"), at: Fixture.start)
            #expect(opened.status == nil)
            let version = try await store.statusVersion()
            try await store.end("6", at: Self.later)
            #expect(try await store.session(id: "6")?.session.cause == .logout)
            #expect(try await store.shown(at: Self.later) == [])
            #expect(try await store.statusVersion() == version)
        }
    }
}
