// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: the schemes of passwords` {
    static let now = Fixture.start + .seconds(60)

    @Test(arguments: StoreKind.allCases)
    func `are counted, and every replica reads the same count`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let empty = PasswordSchemes(counts: [:], countedAt: nil)
            #expect(try await store.passwordSchemes() == empty)
            for (number, scheme) in ["b 1", "a \"2\"", "b 1", nil, "c"].enumerated() {
                var account = Fixture.account("user\(number)")
                account.scheme = scheme
                try await store.add(account)
            }
            let expected = PasswordSchemes(counts: ["a \"2\"": 1, "b 1": 2, "c": 1], countedAt: Self.now)
            #expect(try await store.countPasswordSchemes(at: Self.now) == expected)
            #expect(try await store.passwordSchemes() == expected)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are written with each password`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            try await store.add(account)
            let scheme = { try await store.account(id: account.id)?.scheme }
            #expect(try await scheme() == nil)
            _ = try await store.replacePassword(
                account.password, with: StoredPassword(sealed: [1], scheme: "one"), ofAccount: account.id)
            #expect(try await scheme() == "one")
            _ = try await store.setPassword(
                StoredPassword(sealed: [2], scheme: "two"), ofAccount: account.id, PasswordConditions(),
                at: Self.now)
            #expect(try await scheme() == "two")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are filled in a portion at a time, never for a password that has changed`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            for name in ["c", "a", "b"] as [AccountID] {
                try await store.add(Fixture.account(name.text, id: name))
            }
            let first = try await store.accountsWithoutScheme(limit: 2)
            #expect(first.map(\.id) == ["a", "b"])
            #expect(first.map(\.sealed) == ["a", "b"].map { Array("hash of \($0)".utf8) })
            _ = try await store.setPassword([9], ofAccount: "b", PasswordConditions(), at: Self.now)
            let filled = first.map { AccountScheme(id: $0.id, sealed: $0.sealed, scheme: "scheme") }
            try await store.fillIn(filled)
            #expect(try await store.account(id: "a")?.scheme == "scheme")
            let rest = try await store.accountsWithoutScheme(limit: 10)
            #expect(rest.map(\.id) == ["b", "c"])

            // A scheme that is there already came with the password.
            let late = [AccountScheme(id: "a", sealed: Array("hash of a".utf8), scheme: "late")]
            try await store.fillIn(late)
            #expect(try await store.account(id: "a")?.scheme == "scheme")
        }
    }
}
