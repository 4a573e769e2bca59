// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

/// How steps share a transaction, and what happens to those that do not get one.
@Suite(.timeLimit(.minutes(5))) struct `SQLite store: the writer` {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("store.sqlite3")
    }

    /// The limits of a store whose calls outwait a machine that has much else to do: a test that is held up for seconds
    /// must not find the calls answered that it keeps waiting.
    static let patient = {
        var limits = SQLiteStore.Limits()
        limits.deadline = .seconds(50)
        return limits
    }()

    func opened(_ change: (inout SQLiteStore.Limits) -> Void = { _ in }) async throws -> SQLiteStore {
        var limits = Self.patient
        change(&limits)
        let store = SQLiteStore(path: path, limits: limits)
        _ = try await store.open(founding: { Fixture.founding() })
        return store
    }

    /// A call of a store. (A literal of an array of such closures ends the compiler, Swift 6.3.1.)
    struct Step: Sendable {
        let make: @Sendable () async throws(StoreError) -> Void
    }

    /// Begins calls one after the other while the writer is occupied, so that they wait together; returns their answers.
    func together(in store: SQLiteStore, _ steps: [Step]) async -> [Result<Void, StoreError>] {
        let gate = Gate()
        await gate.occupy(store)
        let (answers, continuation) = AsyncStream<(Int, Result<Void, StoreError>)>.makeStream()
        for (index, step) in steps.enumerated() {
            begin {
                try await step.make()
            } tell: {
                continuation.yield((index, $0))
            }
        }
        gate.open()
        var results = [Result<Void, StoreError>](repeating: .failure(.notFounded), count: steps.count)
        var missing = steps.count
        for await (index, result) in answers {
            results[index] = result
            missing -= 1
            if missing == 0 { break }
        }
        return results
    }

    @Test func `undoes a step that fails and nothing else of its batch`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                Step { () async throws(StoreError) in try await store.add(Fixture.account("alice", id: "1")) },
                Step { () async throws(StoreError) in try await store.add(Fixture.account("bob", id: "1")) },
                Step { () async throws(StoreError) in
                    try await store.write { connection throws(StoreError) in
                        try connection.execute("UPDATE account SET email = 'undone'")
                        throw .conflict
                    }
                },
                Step { () async throws(StoreError) in try await store.add(Fixture.account("carol", id: "3")) },
            ])
        #expect(answers.map(\.failure) == [nil, .conflict, .conflict, nil])
        let accounts = try await store.accounts(after: nil, limit: 9)
        #expect(accounts == [Fixture.account("alice", id: "1"), Fixture.account("carol", id: "3")])
    }

    @Test func `undoes the whole batch when its commit fails, and tells all of it`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                Step { () async throws(StoreError) in try await store.add(Fixture.account("alice")) },
                Step { () async throws(StoreError) in
                    try await store.write { connection throws(StoreError) in
                        // A row without its account is found out by COMMIT.
                        try connection.execute(
                            """
                            PRAGMA defer_foreign_keys = ON;
                            INSERT INTO session
                            (id, account_id, current, previous, rotated_at, created_at, tokens_until, sweep_at,
                            audience, delivery)
                            VALUES ('s', 'nobody', 1, 0, 0, 0, 0, 0, '[]', 'body');
                            """)
                    }
                },
                Step { () async throws(StoreError) in try await store.add(Fixture.account("alice")) },
            ])
        // The last was a conflict with a row that never came to be.
        #expect(answers.map(\.failure) == [.damaged, .damaged, .damaged])
        #expect(try await store.accounts(after: nil, limit: 9) == [])
        try await store.add(Fixture.account("alice"))
    }

    @Test func `tells the whole batch when a step takes the transaction with it`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                Step { () async throws(StoreError) in try await store.add(Fixture.account("alice")) },
                Step { () async throws(StoreError) in
                    try await store.write { connection throws(StoreError) in
                        // As SQLite itself does when the disk is full or fails.
                        try connection.execute("INSERT OR ROLLBACK INTO meta (only, dev) VALUES (1, 0)")
                    }
                },
                Step { () async throws(StoreError) in try await store.add(Fixture.account("bob")) },
            ])
        #expect(answers.map(\.failure) == [.conflict, .conflict, .conflict])
        #expect(try await store.accounts(after: nil, limit: 9) == [])
        try await store.add(Fixture.account("alice"))
    }

    @Test func `reports what the disk has no room for, and makes what it has room for`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                Step { () async throws(StoreError) in try await store.add(Fixture.account("alice")) },
                Step { () async throws(StoreError) in
                    try await store.write { connection throws(StoreError) in
                        let pages = try connection.integer("PRAGMA page_count")
                        try connection.execute("PRAGMA max_page_count = \(pages + 1)")
                        try connection.execute("UPDATE account SET claims = hex(zeroblob(1000000))")
                    }
                },
                Step { () async throws(StoreError) in try await store.add(Fixture.account("bob")) },
            ])
        #expect(answers.map(\.failure) == [nil, .full, nil])
        let accounts = try await store.accounts(after: nil, limit: 9)
        #expect(accounts == [Fixture.account("alice"), Fixture.account("bob")])
    }

    @Test func `founds the store between the calls before and after`() async throws {
        let store = SQLiteStore(path: path, limits: Self.patient)
        defer { store.close() }
        let gate = Gate()
        let (answers, continuation) = AsyncStream<StoreError?>.makeStream()
        let refused = { @Sendable () throws -> Founding in
            gate.wait()
            throw Unexpected.answer("no")
        }
        begin {
            try await store.open(founding: refused)
        } tell: {
            continuation.yield($0.failure)
        }
        await gate.isReached()
        begin {
            try await store.add(Fixture.account("before"))
        } tell: {
            continuation.yield($0.failure)
        }
        begin {
            try await store.open(founding: { Fixture.founding() })
        } tell: {
            continuation.yield($0.failure)
        }
        begin {
            try await store.add(Fixture.account("after"))
        } tell: {
            continuation.yield($0.failure)
        }
        gate.open()
        var failures: [StoreError?] = []
        for await failure in answers {
            failures.append(failure)
            if failures.count == 4 { break }
        }
        #expect(failures == [.notFounded, .unavailable, nil, nil])
        #expect(try await store.accounts(after: nil, limit: 9) == [Fixture.account("after")])
    }

    @Test func `answers in the order of the calls`() async throws {
        let store = try await opened { $0.batchedCalls = 3 }
        defer { store.close() }
        let gate = Gate()
        await gate.occupy(store)
        let (answers, continuation) = AsyncStream<Int>.makeStream()
        for index in 0..<10 {
            begin {
                try await store.add(Fixture.account("user\(index)"))
            } tell: { (_: Result<Void, StoreError>) in
                continuation.yield(index)
            }
        }
        gate.open()
        var order: [Int] = []
        for await index in answers {
            order.append(index)
            if order.count == 10 { break }
        }
        #expect(order == Array(0..<10))
    }

    @Test func `refuses at once what the line has no room for`() async throws {
        let store = try await opened { $0.waitingCalls = 2 }
        defer { store.close() }
        let gate = Gate()
        await gate.occupy(store)
        let isLetGo = Guarded(false)
        for name in ["one", "two"] {
            begin {
                try await store.add(Fixture.account(name))
            } tell: { (_: Result<Void, StoreError>) in
                #expect(isLetGo.withLock { $0 })
            }
        }
        await #expect(throws: StoreError.unavailable) {
            try await store.add(Fixture.account("three"))
        }
        isLetGo.withLock { $0 = true }
        gate.open()
        store.close()
        let reopened = try await opened()
        defer { reopened.close() }
        let names = try await reopened.accounts(after: nil, limit: 9).map(\.name)
        #expect(names == ["one", "two"])
    }

    @Test func `answers at the deadline whatever the writer is doing, and then leaves the step undone`() async throws {
        // Long enough for a busy machine to begin the first step, which would be dropped otherwise.
        let store = try await opened { $0.deadline = .seconds(1) }
        let gate = Gate()
        let occupied = Guarded<StoreError?>(nil)
        begin {
            try await store.write { _ in gate.wait() }
        } tell: { (result: Result<Void, StoreError>) in
            occupied.withLock { $0 = result.failure }
        }
        await gate.isReached()
        // The gate is shut while both are answered: the one that runs and the one that waits.
        await #expect(throws: StoreError.unavailable) {
            try await store.add(Fixture.account("late"))
        }
        #expect(occupied.withLock { $0 } == .unavailable)
        gate.open()
        store.close()
        let reopened = try await opened()
        defer { reopened.close() }
        #expect(try await reopened.accounts(after: nil, limit: 9) == [])
    }
}

extension Result {
    /// The error, if there is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
