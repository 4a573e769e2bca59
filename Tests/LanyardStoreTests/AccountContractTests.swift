// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: accounts` {
    @Test(arguments: StoreKind.allCases)
    func `gives back an account as it was added`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            var odd = Fixture.account("O\u{0}dd \"quoted\\\" \u{1F600}e\u{301}", id: "odd:id.1")
            odd.nameKey = "o\u{0}dd \u{1F600}"
            odd.email = ""
            odd.roles = ["a\"b", "c\\d", "", "e\nf\u{1}", "ü"]
            odd.claims = #"{"n":[1,null,"\u0000"]}"#
            odd.password = [0, 255, 0]
            odd.epoch = .max - 1
            odd.disabledAt = Fixture.start + .milliseconds(1)
            odd.lastLoginAt = UnixTime(milliseconds: -1)
            var plain = Fixture.account("plain")
            plain.roles = []
            plain.password = []
            for account in [odd, plain] {
                try await store.add(account)
                let byID = try await store.account(id: account.id)
                #expect(byID == account)
                // Equality of strings would take one form of é for another.
                #expect(byID.map { Array($0.name.utf8) } == Array(account.name.utf8))
                #expect(try await store.account(nameKey: account.nameKey) == account)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `finds an account by exactly its id and its name key`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account("\u{E9}ve", id: "Eve")
            try await store.add(account)
            for id in ["eve", "Ev", "Eve ", ""] as [AccountID] {
                #expect(try await store.account(id: id) == nil)
            }
            for key in ["e\u{301}ve", "\u{C9}ve", "\u{E9}v", "Eve"] {
                #expect(try await store.account(nameKey: key) == nil)
            }
            #expect(try await store.account(nameKey: "\u{E9}ve") == account)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `refuses an id or a name that is taken and changes nothing`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account("alice", id: "1")
            try await store.add(account)
            for taken in [Fixture.account("bob", id: "1"), Fixture.account("alice", id: "2")] {
                await #expect(throws: StoreError.conflict) { try await store.add(taken) }
            }
            #expect(try await store.accounts(after: nil, limit: 10) == [account])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists accounts by the bytes of their name keys, page by page`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let sorted = ["A", "B", "C", "Z", "a", "aa", "b", "\u{E9}", "\u{FF5A}", "\u{1F600}"]
            for name in sorted.reversed() {
                var account = Fixture.account(name, id: AccountID(name))
                account.nameKey = name
                try await store.add(account)
            }
            var pages: [[String]] = []
            var last: String?
            repeat {
                let page = try await store.accounts(after: last, limit: 3)
                pages.append(page.map(\.name))
                last = page.last?.nameKey
            } while last != nil
            #expect(pages == [["A", "B", "C"], ["Z", "a", "aa"], ["b", "\u{E9}", "\u{FF5A}"], ["\u{1F600}"], []])
            // What it goes on after need not exist.
            let after = try await store.accounts(after: "ab", limit: 1)
            #expect(after.map(\.name) == ["b"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `removes an account with its sessions`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let (alice, bob) = (Fixture.account("alice"), Fixture.account("bob"))
            for account in [alice, bob] { try await store.add(account) }
            _ = try await store.opened(Fixture.opening("hers", of: alice), at: Fixture.start)
            _ = try await store.opened(Fixture.opening("his", of: bob), at: Fixture.start)

            let ended = try await store.removeAccount(id: alice.id, at: Fixture.start)
            #expect(ended == [EndedSession(id: "hers", accountID: alice.id, cause: .removed)])
            #expect(try await store.account(id: alice.id) == nil)
            #expect(try await store.advanced(Fixture.advance(1, of: "hers"), at: Fixture.start) == .unknown)
            #expect(try await store.advanced(Fixture.advance(1, of: "his"), at: Fixture.start).decision == .keep)
            #expect(try await store.removeAccount(id: alice.id, at: Fixture.start) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `does not take an account put back under an id for the one removed`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let removed = Fixture.account("alice", id: "1")
            try await store.add(removed)
            _ = try await store.removeAccount(id: "1", at: Fixture.start)
            let later = Fixture.start + .seconds(1)
            let other = Fixture.account("alice", id: "1", createdAt: later)
            try await store.add(other)
            let opened = try await store.openSession(Fixture.opening(of: removed), at: later)
            #expect(opened == .accountChanged)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends every session of an account with its password`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let (alice, bob) = (Fixture.account("alice"), Fixture.account("bob"))
            for account in [alice, bob] { try await store.add(account) }
            var hers = try await store.opened(Fixture.opening("hers", of: alice), at: Fixture.start)
            _ = try await store.opened(Fixture.opening("his", of: bob), at: Fixture.start)

            let now = Fixture.start + .seconds(5)
            let ended = try await store.setPassword([7], ofAccount: alice.id, PasswordConditions(), at: now)
            #expect(ended == [EndedSession(id: "hers", accountID: alice.id, cause: .password)])
            var changed = alice
            changed.password = [7]
            changed.epoch += 1
            changed.lastLoginAt = Fixture.start
            #expect(try await store.account(id: alice.id) == changed)
            hers.end(.password, at: now)
            #expect(
                try await store.advanced(Fixture.advance(1, of: "hers"), at: now)
                    == .over(.password, hers, isNews: false))
            #expect(try await store.advanced(Fixture.advance(1, of: "his"), at: now).decision == .keep)

            let stale = try await store.openSession(Fixture.opening("2", of: alice), at: now)
            #expect(stale == .accountChanged)
            _ = try await store.opened(Fixture.opening("3", of: changed), at: now)
            let unknown = try await store.setPassword([7], ofAccount: "x", PasswordConditions(), at: now)
            #expect(unknown == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `replaces the hash of a password only while it is the expected one`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            var account = Fixture.account()
            try await store.add(account)
            let session = try await store.opened(Fixture.opening(of: account), at: Fixture.start)
            account.lastLoginAt = Fixture.start
            let wrong = try await store.replacePassword([1], with: [2], ofAccount: account.id)
            #expect(wrong == false)
            #expect(try await store.account(id: account.id) == account)

            let right = try await store.replacePassword(account.password, with: [2], ofAccount: account.id)
            #expect(right)
            account.password = [2]
            #expect(try await store.account(id: account.id) == account)
            #expect(try await store.advanced(Fixture.advance(1), at: Fixture.start).session == session)
            let unknown = try await store.replacePassword([2], with: [3], ofAccount: "x")
            #expect(unknown == false)
        }
    }
}
