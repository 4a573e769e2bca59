// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: races` {
    @Test(arguments: StoreKind.allCases)
    func `gives all who refresh one generation at once the same successor`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.add(Fixture.account())
            _ = try await store.opened(Fixture.opening(), at: Fixture.start)
            for generation: Int64 in 1...20 {
                let now = Fixture.start + .seconds(20 * generation)
                let answers = try await racing(16) { _ in
                    try await store.advanced(Fixture.advance(generation), at: now)
                }
                #expect(answers.filter { $0.decision == .rotate }.count == 1)
                #expect(answers.filter { $0.decision == .replay }.count == 15)
                #expect(Set(answers.map { $0.session?.current }) == [generation + 1])
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lets no session survive a password change that it began before`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            for round in 0..<30 {
                let account = Fixture.account("user\(round)")
                try await store.add(account)
                _ = try await racing(8) { index in
                    if index == 4 {
                        _ = try await store.setPassword(
                            [1], ofAccount: account.id, PasswordConditions(), at: Fixture.start)
                    } else {
                        let opening = Fixture.opening("\(round)-\(index)", of: account)
                        _ = try await store.openSession(opening, at: Fixture.start)
                    }
                }
                for index in 0..<8 {
                    let advanced = try await store.advanced(
                        Fixture.advance(1, of: "\(round)-\(index)"), at: Fixture.start)
                    #expect(advanced == .unknown || advanced.cause == .password)
                }
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `gives a name to one of all who want it`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            let isAdded = try await racing(16) { index in
                do {
                    try await store.add(Fixture.account("alice", id: "\(index)"))
                    return true
                } catch StoreError.conflict {
                    return false
                }
            }
            #expect(isAdded.filter { $0 }.count == 1)
            #expect(try await store.accounts(after: nil, limit: 9).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `never leaves an account more sessions than it may have`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await store.add(Fixture.account())
            _ = try await racing(20) { index in
                try await store.opened(Fixture.opening("\(index)", maximum: 3), at: Fixture.start)
            }
            var live = 0
            for index in 0..<20 {
                let advanced = try await store.advanced(Fixture.advance(1, of: "\(index)"), at: Fixture.start)
                live += advanced.decision == .keep ? 1 : 0
            }
            #expect(live == 3)
        }
    }
}

/// Makes `count` calls at once; returns their answers in order.
func racing<Answer: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Answer
) async throws -> [Answer] {
    try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
        for index in 0..<count {
            group.addTask { (index, try await body(index)) }
        }
        var answers: [(Int, Answer)] = []
        for try await answer in group { answers.append(answer) }
        return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
