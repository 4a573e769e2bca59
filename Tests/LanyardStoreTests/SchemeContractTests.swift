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
            #expect(try await call { store.passwordSchemes(completion: $0) } == empty)
            for (number, scheme) in ["b 1", "a \"2\"", "b 1", nil, "c"].enumerated() {
                var account = Fixture.account("user\(number)")
                account.scheme = scheme
                try await call { store.add(account, completion: $0) }
            }
            let expected = PasswordSchemes(counts: ["a \"2\"": 1, "b 1": 2, "c": 1], countedAt: Self.now)
            #expect(try await call { store.countPasswordSchemes(at: Self.now, completion: $0) } == expected)
            #expect(try await call { store.passwordSchemes(completion: $0) } == expected)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are written with each password`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let account = Fixture.account()
            try await call { store.add(account, completion: $0) }
            let scheme = { try await call { store.account(id: account.id, completion: $0) }?.scheme }
            #expect(try await scheme() == nil)
            _ = try await call {
                store.replacePassword(
                    account.password, with: StoredPassword(sealed: [1], scheme: "one"), ofAccount: account.id,
                    completion: $0)
            }
            #expect(try await scheme() == "one")
            _ = try await call {
                store.setPassword(
                    StoredPassword(sealed: [2], scheme: "two"), ofAccount: account.id, PasswordConditions(),
                    at: Self.now, completion: $0)
            }
            #expect(try await scheme() == "two")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are filled in a portion at a time, never for a password that has changed`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            for name in ["c", "a", "b"] {
                try await call { store.add(Fixture.account(name, id: name), completion: $0) }
            }
            let first = try await call { store.accountsWithoutScheme(limit: 2, completion: $0) }
            #expect(first.map(\.id) == ["a", "b"])
            #expect(first.map(\.sealed) == ["a", "b"].map { Array("hash of \($0)".utf8) })
            _ = try await call {
                store.setPassword([9], ofAccount: "b", PasswordConditions(), at: Self.now, completion: $0)
            }
            let filled = first.map { AccountScheme(id: $0.id, sealed: $0.sealed, scheme: "scheme") }
            try await call { store.fillIn(filled, completion: $0) }
            #expect(try await call { store.account(id: "a", completion: $0) }?.scheme == "scheme")
            let rest = try await call { store.accountsWithoutScheme(limit: 10, completion: $0) }
            #expect(rest.map(\.id) == ["b", "c"])

            // A scheme that is there already came with the password.
            let late = [AccountScheme(id: "a", sealed: Array("hash of a".utf8), scheme: "late")]
            try await call { store.fillIn(late, completion: $0) }
            #expect(try await call { store.account(id: "a", completion: $0) }?.scheme == "scheme")
        }
    }
}
