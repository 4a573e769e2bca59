// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: foundation` {
    @Test(arguments: StoreKind.allCases)
    func `founds an empty store once`(kind: StoreKind) async throws {
        try await withEmptyStore(kind) { store in
            let first = try await store.open(founding: { Fixture.founding() })
            let founding = Fixture.founding()
            var expected = Foundation(
                isDevelopment: true, longestAccessLifetime: .zero, keyVersion: 0, keys: founding.keys,
                secrets: founding.secrets, isNew: true)
            #expect(first == expected)
            let calls = Guarded(0)
            let second = try await store.open(
                founding: {
                    calls.withLock { $0 += 1 }
                    return Fixture.founding("second")
                })
            expected.isNew = false
            #expect(second == expected)
            #expect(calls.withLock { $0 } == 0)
            #expect(try await store.foundation() == expected)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `writes nothing when the founding throws`(kind: StoreKind) async throws {
        try await withEmptyStore(kind) { store in
            await #expect(throws: StoreError.notFounded) {
                _ = try await store.open(founding: { throw Unexpected.answer("no") })
            }
            #expect(try await store.foundation() == nil)
            await #expect(throws: StoreError.unavailable) {
                try await store.add(Fixture.account())
            }
            let later = try await store.open(founding: { Fixture.founding("later") })
            #expect(later.isNew)
            #expect(later.keys == Fixture.founding("later").keys)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `answers nothing but whether it was founded before it is`(kind: StoreKind) async throws {
        try await withEmptyStore(kind) { store in
            let before = try await store.foundation()
            #expect(before == nil)
            await #expect(throws: StoreError.unavailable) { try await store.ping() }
            await #expect(throws: StoreError.unavailable) {
                try await store.account(id: "a")
            }
            await #expect(throws: StoreError.unavailable) {
                try await store.add(Fixture.account())
            }
            await #expect(throws: StoreError.unavailable) {
                try await store.advanced(Fixture.advance(1), at: Fixture.start)
            }
            let after = try await store.foundation()
            #expect(after == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `raises the longest access lifetime and never lowers it`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            for (lifetime, expected) in [(900, 900), (60, 900), (3_600, 3_600)] {
                try await store.raiseLongestAccessLifetime(to: .seconds(lifetime))
                let foundation = try await store.foundation()
                #expect(foundation?.longestAccessLifetime == .seconds(expected))
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `finishes what was asked before it closes and fails the rest`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.ping()
            let answers = Guarded<[Bool]>([])
            for index in 0..<20 {
                begin {
                    try await store.add(Fixture.account("user\(index)"))
                } tell: { (result: Result<Void, StoreError>) in
                    answers.withLock { $0.append((try? result.get()) != nil) }
                }
            }
            store.close()
            #expect(answers.withLock { $0 } == Array(repeating: true, count: 20))
            await #expect(throws: StoreError.unavailable) { try await store.ping() }
            await #expect(throws: StoreError.unavailable) {
                try await store.add(Fixture.account("late"))
            }
            store.close()
        }
    }
}
