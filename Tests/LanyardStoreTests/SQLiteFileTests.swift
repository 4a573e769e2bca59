// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `SQLite store: the file` {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("store.sqlite3")
    }

    @discardableResult
    func open(_ store: SQLiteStore, _ name: String = "first") async throws(StoreError) -> Foundation {
        try await store.open(founding: { Fixture.founding(name) })
    }

    /// Returns what `body` makes of a connection of its own.
    func withConnection<Value: Sendable>(
        _ body: @Sendable (Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let queue = DispatchQueue(label: "test.connection")
        return try queue.sync {
            Result { () throws(StoreError) in try body(try Connection(path: path, on: queue)) }
        }.get()
    }

    @Test func `is closed to everyone else, like the files beside it`() async throws {
        let store = SQLiteStore(path: path)
        defer { store.close() }
        try await open(store)
        #expect(try folder.names() == ["store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm"])
        for name in try folder.names() { #expect(try folder.mode(of: name) == 0o600, "\(name)") }
    }

    @Test func `that is moved away takes no writes, and takes them again when it is back`() async throws {
        let store = SQLiteStore(path: path)
        defer { store.close() }
        try await open(store)
        let elsewhere = folder.path("elsewhere.sqlite3")
        #expect(unsafe rename(path, elsewhere) == 0)
        for _ in 0..<2 {
            await #expect(throws: StoreError.unavailable) { try await store.ping() }
        }
        await #expect(throws: StoreError.unavailable) {
            try await store.add(Fixture.account())
        }
        #expect(unsafe rename(elsewhere, path) == 0)
        try await store.ping()
        try await store.add(Fixture.account())
    }

    @Test func `syncs every commit and holds to its rules`() async throws {
        let store = SQLiteStore(path: path)
        defer { store.close() }
        try await open(store)
        let pragmas = ["synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "query_only": 0]
        for (pragma, expected) in pragmas {
            let value: Int64 = try await store.write { connection throws(StoreError) in
                try connection.integer("PRAGMA \(pragma)")
            }
            #expect(value == Int64(expected), "\(pragma)")
        }
        let isWAL: Int64 = try await store.write { connection throws(StoreError) in
            try connection.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode")
        }
        #expect(isWAL == 1)
        // A step that only reads cannot write, whatever it tries.
        await #expect(throws: StoreError.permissionDenied) {
            try await store.read { connection throws(StoreError) in
                try connection.execute("DELETE FROM meta")
            }
        }
    }

    @Test func `makes no file before it is founded`() async throws {
        let store = SQLiteStore(path: path)
        defer { store.close() }
        #expect(try await store.foundation() == nil)
        await #expect(throws: StoreError.unavailable) {
            try await store.add(Fixture.account())
        }
        #expect(try folder.names() == [])
    }

    @Test func `takes an empty file for a store that was never founded`() async throws {
        try folder.write([], to: "store.sqlite3")
        let store = SQLiteStore(path: path)
        defer { store.close() }
        #expect(try await store.foundation() == nil)
        await #expect(throws: StoreError.unavailable) { try await store.ping() }
        #expect(try folder.bytes(of: "store.sqlite3") == [])
        #expect(try await open(store).isNew)
        try await store.ping()
    }

    @Test func `finds everything again after it was closed`() async throws {
        var account = Fixture.account()
        account.lastLoginAt = Fixture.start
        let first = SQLiteStore(path: path)
        let founded = try await open(first)
        try await first.add(Fixture.account())
        try await first.raiseLongestAccessLifetime(to: .seconds(60))
        _ = try await first.opened(Fixture.opening(), at: Fixture.start)
        let rotated = try await first.advanced(Fixture.advance(1), at: Fixture.start + .seconds(20))
        first.close()
        #expect(try folder.names() == ["store.sqlite3"])

        let second = SQLiteStore(path: path)
        defer { second.close() }
        // Without `open`, as a command would.
        #expect(try await second.accounts(after: nil, limit: 9) == [account])
        let again = try await open(second, "second")
        #expect(!again.isNew)
        #expect(again.keys == founded.keys)
        #expect(again.secrets == founded.secrets)
        #expect(again.longestAccessLifetime == .seconds(60))
        let kept = try await second.advanced(Fixture.advance(2), at: Fixture.start + .seconds(20))
        #expect(kept.session != nil)
        #expect(kept.session == rotated.session)
    }

    @Test func `finds what was committed before a process ended without closing`() async throws {
        let first = SQLiteStore(path: path)
        defer { first.close() }
        try await open(first)
        try await first.add(Fixture.account())
        // The files as a process leaves them that is killed now.
        for suffix in ["", "-wal"] {
            try folder.write(try folder.bytes(of: "store.sqlite3\(suffix)"), to: "copy\(suffix)")
        }
        let second = SQLiteStore(path: folder.path("copy"))
        defer { second.close() }
        #expect(try await second.account(id: Fixture.account().id) == Fixture.account())
    }

    // MARK: What is not a store

    @Test(arguments: [
        Array("This is not a database, but it is long enough to be looked at.".utf8), Array(repeating: 0, count: 4_096),
    ])
    func `refuses a file that is no database`(bytes: [UInt8]) async throws {
        try folder.write(bytes, to: "store.sqlite3")
        let store = SQLiteStore(path: path)
        defer { store.close() }
        await #expect(throws: StoreError.damaged) { try await open(store) }
        await #expect(throws: StoreError.damaged) { try await store.foundation() }
        await #expect(throws: StoreError.damaged) {
            try await store.add(Fixture.account())
        }
        #expect(try folder.bytes(of: "store.sqlite3") == bytes)
    }

    static let foreign = [
        "CREATE TABLE meta (dev, longest_access_lifetime)",
        "PRAGMA user_version = 1; CREATE TABLE meta (dev, longest_access_lifetime)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 7",
        "PRAGMA application_id = \(0x4C6E_7964); CREATE TABLE meta (dev, longest_access_lifetime)",
        "PRAGMA application_id = \(0x4C6E_7964); PRAGMA user_version = 1",
    ]

    @Test(arguments: foreign)
    func `refuses the database of another program and leaves it as it is`(script: String) async throws {
        try folder.write([], to: "store.sqlite3")
        try withConnection { connection throws(StoreError) in try connection.execute(script) }
        let before = try folder.bytes(of: "store.sqlite3")
        let store = SQLiteStore(path: path)
        await #expect(throws: StoreError.damaged) { try await open(store) }
        await #expect(throws: StoreError.damaged) { try await store.foundation() }
        store.close()
        #expect(try folder.bytes(of: "store.sqlite3") == before)
    }

    static let damages = [
        "DELETE FROM meta",
        "UPDATE session SET cause = 'boredom', ended_at = 0",
        "UPDATE session SET audience = 'lanyard'",
        "UPDATE account SET roles = '[\"a\",]'",
        "UPDATE session SET label = CAST(x'C328' AS TEXT)",
        "ALTER TABLE session RENAME TO sessions",
        "PRAGMA foreign_keys = OFF; DELETE FROM account",
    ]

    @Test(arguments: damages)
    func `reports what no step writes as damage`(script: String) async throws {
        let store = SQLiteStore(path: path)
        defer { store.close() }
        try await open(store)
        try await store.add(Fixture.account())
        _ = try await store.opened(Fixture.opening(), at: Fixture.start)
        try withConnection { connection throws(StoreError) in try connection.execute(script) }
        await #expect(throws: StoreError.damaged) { try await store.advanced(Fixture.advance(1), at: Fixture.start) }
    }

    // MARK: Where no store can be

    @Test func `cannot be made in a folder that is missing or none`() async throws {
        try folder.write([1], to: "file")
        for name in ["missing/store.sqlite3", "file/store.sqlite3", ""] {
            let store = SQLiteStore(path: folder.path(name))
            defer { store.close() }
            await #expect(throws: StoreError.cannotCreate) { try await open(store) }
        }
        let store = SQLiteStore(path: folder.path("missing/store.sqlite3"))
        defer { store.close() }
        #expect(try await store.foundation() == nil)
        #expect(try folder.names() == ["file"])
    }
}
