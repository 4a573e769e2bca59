// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: opening sessions` {
    @Test(arguments: StoreKind.allCases)
    func `opens a session as it was asked for`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            var account = Fixture.account()
            try await store.add(account)
            try await store.raiseLongestAccessLifetime(to: .seconds(900))
            let opening = SessionOpening(
                id: "s", accountID: account.id, accountEpoch: account.epoch, audience: ["https://a b,c", "\"d\""],
                roles: [], delivery: .cookies, label: "Mein Gerät \u{0}", network: "192.0.2.0/24",
                lifetimes: Fixture.lifetimes, maximumPerAccount: 1)
            let expected = Session(
                id: "s", accountID: account.id, current: 1, previous: 0, rotatedAt: Fixture.start,
                createdAt: Fixture.start, endedAt: nil, cause: nil, tokensUntil: Fixture.start + .seconds(910),
                audience: opening.audience, roles: [], delivery: .cookies, label: opening.label,
                network: opening.network)
            let opened = try await store.openSession(opening, at: Fixture.start)
            // With the account as it is now.
            account.lastLoginAt = Fixture.start
            #expect(opened == .opened(expected, account, ended: []))
            #expect(try await store.account(id: account.id) == account)
            // As it is stored, and with its account.
            let stored = try await store.advanced(Fixture.advance(1, of: "s"), at: Fixture.start)
            #expect(stored == .advanced(.keep, expected, account, at: Fixture.start))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `opens none for an account that is not as it was seen`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            var (older, newer, disabled) = (account, account, Fixture.account("mallory"))
            older.epoch -= 1
            newer.epoch += 1
            disabled.disabledAt = Fixture.start
            for account in [account, disabled] { try await store.add(account) }
            for seen in [older, newer, disabled, Fixture.account("unknown")] {
                let opened = try await store.openSession(Fixture.opening(of: seen), at: Fixture.start)
                #expect(opened == .accountChanged)
            }
            #expect(try await store.account(id: account.id) == account)
            #expect(try await store.account(id: disabled.id) == disabled)
            #expect(try await store.advanced(Fixture.advance(1), at: Fixture.start) == .unknown)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `refuses a session id that is taken`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            try await store.add(account)
            let first = try await store.opened(Fixture.opening(), at: Fixture.start)
            let later = Fixture.start + .seconds(1)
            await #expect(throws: StoreError.conflict) {
                try await store.openSession(Fixture.opening(maximum: 1), at: later)
            }
            // The refused step has undone all of itself: the first session lives, the last login is the first.
            #expect(try await store.advanced(Fixture.advance(1), at: later).session == first)
            let stored = try await store.account(id: account.id)
            #expect(stored?.lastLoginAt == Fixture.start)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends the oldest sessions beyond what an account may have`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let (alice, bob) = (Fixture.account("alice"), Fixture.account("bob"))
            for account in [alice, bob] { try await store.add(account) }
            _ = try await store.opened(Fixture.opening("bob's", of: bob), at: Fixture.start)
            // 4 and 3 are of one moment, so the lower id counts as older; a refresh makes none younger.
            for (index, id) in (["1", "2", "4", "3"] as [SessionID]).enumerated() {
                let now = Fixture.start + .seconds(min(index, 2))
                let opened = try await store.openSession(Fixture.opening(id, of: alice, maximum: 4), at: now)
                guard case .opened(_, _, ended: []) = opened else { throw Unexpected.answer("\(opened)") }
            }
            let now = Fixture.start + .seconds(50)
            #expect(try await store.advanced(Fixture.advance(1, of: "1"), at: now).decision == .rotate)
            let opened = try await store.openSession(Fixture.opening("5", of: alice, maximum: 2), at: now)
            guard case .opened(let session, _, let ended) = opened else { throw Unexpected.answer("\(opened)") }
            #expect(session.id == "5")
            #expect(ended == ["1", "2", "3"])
            for id in ended {
                let over = try await store.advanced(Fixture.advance(1, of: id), at: now)
                guard case .over(.revoked, let session, _) = over else { throw Unexpected.answer("\(over)") }
                #expect(session.endedAt == now)
            }
            for id in ["4", "5", "bob's"] as [SessionID] {
                #expect(try await store.advanced(Fixture.advance(1, of: id), at: now).decision != nil)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `does not count sessions that are over`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            try await store.add(account)
            let idleSince = Fixture.start
            _ = try await store.opened(Fixture.opening("idle"), at: idleSince)
            let now = idleSince + Fixture.lifetimes.idle
            _ = try await store.opened(Fixture.opening("live"), at: now - .seconds(1))
            let opened = try await store.openSession(Fixture.opening("new", maximum: 2), at: now)
            guard case .opened(_, _, ended: []) = opened else { throw Unexpected.answer("\(opened)") }
            // A moment earlier the idle one was alive, and the oldest.
            let earlier = try await store.openSession(
                Fixture.opening("earlier", maximum: 3), at: now - .milliseconds(1))
            guard case .opened(_, _, ended: ["idle"]) = earlier else { throw Unexpected.answer("\(earlier)") }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `does not count the session that it replaces`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.add(Fixture.account())
            _ = try await store.opened(Fixture.opening("older"), at: Fixture.start)
            _ = try await store.opened(Fixture.opening("replaced"), at: Fixture.start + .seconds(1))
            var opening = Fixture.opening("new", maximum: 2)
            opening.replaced = "replaced"
            let opened = try await store.openSession(opening, at: Fixture.start + .seconds(2))
            guard case .opened(_, _, ended: []) = opened else { throw Unexpected.answer("\(opened)") }
        }
    }
}
