// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `SQLite store: two on one file` {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("store.sqlite3")
    }

    func opened(_ limits: SQLiteStore.Limits = .init()) async throws -> SQLiteStore {
        let store = SQLiteStore(path: path, limits: limits)
        _ = try await store.open(founding: { Fixture.founding() })
        return store
    }

    static func limits(_ deadline: Duration) -> SQLiteStore.Limits {
        var limits = SQLiteStore.Limits()
        limits.deadline = deadline
        return limits
    }

    @Test func `is founded by one of many that come at once`() async throws {
        let path = path
        let foundations = try await racing(8) { index in
            let store = SQLiteStore(path: path)
            defer { store.close() }
            return try await store.open(founding: { Fixture.founding("\(index)") })
        }
        let founded = foundations.filter(\.isNew)
        #expect(founded.count == 1)
        for foundation in foundations {
            #expect(foundation.keys == founded.first?.keys)
            #expect(foundation.secrets == founded.first?.secrets)
        }
    }

    @Test func `each sees at once what the other has written`() async throws {
        let (first, second) = (try await opened(), try await opened())
        defer {
            first.close()
            second.close()
        }
        for index in 0..<50 {
            let (writer, reader) = index.isMultiple(of: 2) ? (first, second) : (second, first)
            let account = Fixture.account("user\(index)")
            try await writer.add(account)
            #expect(try await reader.account(id: account.id) == account)
        }
    }

    @Test func `gives all who refresh one generation at once the same successor`() async throws {
        let stores = [try await opened(), try await opened()]
        defer { for store in stores { store.close() } }
        try await stores[0].add(Fixture.account())
        _ = try await stores[0].opened(Fixture.opening(), at: Fixture.start)
        for generation: Int64 in 1...20 {
            let now = Fixture.start + .seconds(20 * generation)
            let answers = try await racing(16) { index in
                try await stores[index % 2].advanced(Fixture.advance(generation), at: now)
            }
            #expect(answers.filter { $0.decision == .rotate }.count == 1)
            #expect(answers.filter { $0.decision == .replay }.count == 15)
            #expect(Set(answers.map { $0.session?.current }) == [generation + 1])
        }
    }

    @Test func `waits while the other writes`() async throws {
        let (first, second) = (try await opened(), try await opened(Self.limits(.seconds(50))))
        defer {
            first.close()
            second.close()
        }
        let gate = Gate()
        await gate.occupy(first)
        let isLetGo = Guarded(false)
        let wasLetGo = Inbox<Bool>()
        begin {
            try await second.add(Fixture.account())
        } tell: { (_: Result<Void, StoreError>) in
            wasLetGo.put(isLetGo.withLock { $0 })
        }
        // Reads wait for nobody. Twenty of them give the write time to come first, if it were to.
        for _ in 0..<20 { #expect(try await second.account(id: "none") == nil) }
        isLetGo.withLock { $0 = true }
        gate.open()
        #expect(try wasLetGo.next())
    }

    @Test func `gives up at its deadline while the other writes, and works again after`() async throws {
        let (first, second) = (try await opened(), try await opened(Self.limits(.milliseconds(150))))
        defer {
            first.close()
            second.close()
        }
        let gate = Gate()
        await gate.occupy(first)
        await #expect(throws: StoreError.unavailable) {
            try await second.add(Fixture.account())
        }
        gate.open()
        // The writer of the second may still be in the pause of its last try; and on a busy machine the deadline may come between
        // the step and its answer.
        var added = false
        while !added {
            do {
                try await second.add(Fixture.account())
                added = true
            } catch StoreError.unavailable {
            } catch StoreError.conflict { added = true }
        }
        #expect(try await second.account(id: Fixture.account().id) == Fixture.account())
    }
}
