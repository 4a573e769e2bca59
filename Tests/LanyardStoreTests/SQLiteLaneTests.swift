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
        _ = try await call { store.open(founding: { Fixture.founding() }, completion: $0) }
        return store
    }

    /// Begins calls one after the other while the writer is occupied, so that they wait together; returns their answers.
    func together(
        in store: SQLiteStore, _ calls: [@Sendable (@escaping @Sendable (Result<Void, StoreError>) -> Void) -> Void]
    ) async -> [Result<Void, StoreError>] {
        let gate = Gate()
        await gate.occupy(store)
        let (answers, continuation) = AsyncStream<(Int, Result<Void, StoreError>)>.makeStream()
        for (index, call) in calls.enumerated() { call { continuation.yield((index, $0)) } }
        gate.open()
        var results = [Result<Void, StoreError>](repeating: .failure(.notFounded), count: calls.count)
        var missing = calls.count
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
                { store.add(Fixture.account("alice", id: "1"), completion: $0) },
                { store.add(Fixture.account("bob", id: "1"), completion: $0) },
                { completion in
                    store.write(completion: completion) { connection throws(StoreError) in
                        try connection.execute("UPDATE account SET email = 'undone'")
                        throw .conflict
                    }
                },
                { store.add(Fixture.account("carol", id: "3"), completion: $0) },
            ])
        #expect(answers.map(\.failure) == [nil, .conflict, .conflict, nil])
        let accounts = try await call { store.accounts(after: nil, limit: 9, completion: $0) }
        #expect(accounts == [Fixture.account("alice", id: "1"), Fixture.account("carol", id: "3")])
    }

    @Test func `undoes the whole batch when its commit fails, and tells all of it`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                { store.add(Fixture.account("alice"), completion: $0) },
                { completion in
                    store.write(completion: completion) { connection throws(StoreError) in
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
                { store.add(Fixture.account("alice"), completion: $0) },
            ])
        // The last was a conflict with a row that never came to be.
        #expect(answers.map(\.failure) == [.damaged, .damaged, .damaged])
        #expect(try await call { store.accounts(after: nil, limit: 9, completion: $0) } == [])
        try await call { store.add(Fixture.account("alice"), completion: $0) }
    }

    @Test func `tells the whole batch when a step takes the transaction with it`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                { store.add(Fixture.account("alice"), completion: $0) },
                { completion in
                    store.write(completion: completion) { connection throws(StoreError) in
                        // As SQLite itself does when the disk is full or fails.
                        try connection.execute("INSERT OR ROLLBACK INTO meta (only, dev) VALUES (1, 0)")
                    }
                },
                { store.add(Fixture.account("bob"), completion: $0) },
            ])
        #expect(answers.map(\.failure) == [.conflict, .conflict, .conflict])
        #expect(try await call { store.accounts(after: nil, limit: 9, completion: $0) } == [])
        try await call { store.add(Fixture.account("alice"), completion: $0) }
    }

    @Test func `reports what the disk has no room for, and makes what it has room for`() async throws {
        let store = try await opened()
        defer { store.close() }
        let answers = await together(
            in: store,
            [
                { store.add(Fixture.account("alice"), completion: $0) },
                { completion in
                    store.write(completion: completion) { connection throws(StoreError) in
                        let pages = try connection.integer("PRAGMA page_count")
                        try connection.execute("PRAGMA max_page_count = \(pages + 1)")
                        try connection.execute("UPDATE account SET claims = hex(zeroblob(1000000))")
                    }
                },
                { store.add(Fixture.account("bob"), completion: $0) },
            ])
        #expect(answers.map(\.failure) == [nil, .full, nil])
        let accounts = try await call { store.accounts(after: nil, limit: 9, completion: $0) }
        #expect(accounts == [Fixture.account("alice"), Fixture.account("bob")])
    }

    @Test func `founds the store between the calls before and after`() async throws {
        let store = SQLiteStore(path: path, limits: Self.patient)
        defer { store.close() }
        let gate = Gate()
        let (answers, continuation) = AsyncStream<StoreError?>.makeStream()
        store.open(
            founding: {
                gate.wait()
                throw Unexpected.answer("no")
            }, completion: { continuation.yield($0.failure) })
        await gate.isReached()
        store.add(Fixture.account("before")) { continuation.yield($0.failure) }
        store.open(founding: { Fixture.founding() }, completion: { continuation.yield($0.failure) })
        store.add(Fixture.account("after")) { continuation.yield($0.failure) }
        gate.open()
        var failures: [StoreError?] = []
        for await failure in answers {
            failures.append(failure)
            if failures.count == 4 { break }
        }
        #expect(failures == [.notFounded, .unavailable, nil, nil])
        #expect(try await call { store.accounts(after: nil, limit: 9, completion: $0) } == [Fixture.account("after")])
    }

    @Test func `answers in the order of the calls`() async throws {
        let store = try await opened { $0.batchedCalls = 3 }
        defer { store.close() }
        let gate = Gate()
        await gate.occupy(store)
        let (answers, continuation) = AsyncStream<Int>.makeStream()
        for index in 0..<10 { store.add(Fixture.account("user\(index)")) { _ in continuation.yield(index) } }
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
            store.add(Fixture.account(name)) { _ in #expect(isLetGo.withLock { $0 }) }
        }
        await #expect(throws: StoreError.unavailable) {
            try await call { store.add(Fixture.account("three"), completion: $0) }
        }
        isLetGo.withLock { $0 = true }
        gate.open()
        store.close()
        let reopened = try await opened()
        defer { reopened.close() }
        let names = try await call { reopened.accounts(after: nil, limit: 9, completion: $0) }.map(\.name)
        #expect(names == ["one", "two"])
    }

    @Test func `answers at the deadline whatever the writer is doing, and then leaves the step undone`() async throws {
        let store = try await opened { $0.deadline = .milliseconds(100) }
        let gate = Gate()
        let occupied = Guarded<StoreError?>(nil)
        store.write(
            completion: { (result: Result<Void, StoreError>) in occupied.withLock { $0 = result.failure } },
            step: { _ in gate.wait() })
        await gate.isReached()
        // The gate is shut while both are answered: the one that runs and the one that waits.
        await #expect(throws: StoreError.unavailable) {
            try await call { store.add(Fixture.account("late"), completion: $0) }
        }
        #expect(occupied.withLock { $0 } == .unavailable)
        gate.open()
        store.close()
        let reopened = try await opened()
        defer { reopened.close() }
        #expect(try await call { reopened.accounts(after: nil, limit: 9, completion: $0) } == [])
    }

    @Test func `calls nobody back on the thread of the call`() async throws {
        let store = try await opened { $0.waitingCalls = 1 }
        // A lock that is held during each call and taken by its completion would never be given up otherwise.
        let lock = Guarded(0)
        let (answers, continuation) = AsyncStream<Void>.makeStream()
        let gate = Gate()
        await gate.occupy(store)
        for index in 0..<3 {
            lock.withLock { _ in
                store.add(Fixture.account("user\(index)")) { _ in
                    lock.withLock { $0 += 1 }
                    continuation.yield()
                }
            }
        }
        gate.open()
        for await _ in answers where lock.withLock({ $0 }) == 3 { break }
        store.close()
        #expect(lock.withLock { $0 } == 3)
    }
}

extension Result {
    /// The error, if there is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
