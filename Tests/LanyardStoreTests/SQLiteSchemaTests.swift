// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `SQLite store: the schema` {
    let folder: TemporaryFolder
    let path: String
    /// The current tables and two more versions, which older releases can ignore.
    static let newer = Schema(
        migrations: Schema.current.migrations + [
            .adding("ALTER TABLE meta ADD COLUMN motto TEXT NOT NULL DEFAULT 'none'"),
            .adding("CREATE TABLE extra (word TEXT) STRICT"),
        ])
    /// One more, which they cannot ignore, and one that they could.
    static let newest = Schema(
        migrations: newer.migrations + [
            .breaking("ALTER TABLE client RENAME COLUMN roles TO words"),
            .adding("CREATE TABLE more (word TEXT) STRICT"),
        ])

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("store.sqlite3")
    }

    func open(_ store: SQLiteStore) async throws(StoreError) -> Foundation {
        try await store.open(founding: { Fixture.founding() })
    }

    func integer(_ store: SQLiteStore, _ statement: String) async throws(StoreError) -> Int64 {
        try await store.read { connection throws(StoreError) in try connection.integer(statement) }
    }

    @Test func `brings an empty file to its newest version`() async throws {
        let store = SQLiteStore(path: path, schema: Self.newer)
        defer { store.close() }
        #expect(try await open(store).isNew)
        #expect(try await integer(store, "SELECT schema_version FROM meta") == Int64(Schema.current.version + 2))
        #expect(try await integer(store, "PRAGMA user_version") == 4, "the first release can still use it")
        #expect(try await integer(store, "SELECT count(*) FROM meta WHERE motto = 'none'") == 1)
        #expect(try await integer(store, "SELECT count(*) FROM extra") == 0)
    }

    @Test func `brings an older store up to date and keeps what it holds`() async throws {
        let older = SQLiteStore(path: path)
        _ = try await open(older)
        try await older.add(Fixture.account())
        older.close()

        let newer = SQLiteStore(path: path, schema: Self.newer)
        defer { newer.close() }
        // By whatever comes first, here a read.
        #expect(try await integer(newer, "SELECT count(*) FROM extra") == 0)
        #expect(try await newer.account(id: Fixture.account().id) == Fixture.account())
        #expect(try await open(newer).isNew == false)
    }

    @Test func `uses a store to which a newer release has only added, and does not change its tables`() async throws {
        let newer = SQLiteStore(path: path, schema: Self.newer)
        _ = try await open(newer)
        newer.close()
        let store = SQLiteStore(path: path)
        defer { store.close() }
        #expect(try await open(store).isNew == false)
        try await store.add(Fixture.account())
        _ = try await store.opened(Fixture.opening(), at: Fixture.start)
        #expect(try await integer(store, "SELECT schema_version FROM meta") == Int64(Self.newer.version))
        #expect(try await integer(store, "PRAGMA user_version") == 4)
    }

    @Test func `refuses a store of a newer release and leaves it as it is`() async throws {
        let newer = SQLiteStore(path: path, schema: Self.newest)
        _ = try await open(newer)
        newer.close()
        let before = try folder.bytes(of: "store.sqlite3")

        let store = SQLiteStore(path: path)
        let version = Schema.current.version
        let refusal = StoreError.newerSchema(found: version + 3, supported: version)
        await #expect(throws: refusal) { try await open(store) }
        await #expect(throws: refusal) { try await store.foundation() }
        await #expect(throws: refusal) { try await store.ping() }
        store.close()
        #expect(try folder.bytes(of: "store.sqlite3") == before)
    }

    @Test func `makes all steps of a migration or none`() async throws {
        let older = SQLiteStore(path: path)
        _ = try await open(older)
        older.close()

        let broken = Schema(
            migrations: Self.newer.migrations + [.adding("CREATE TABLE more (word TEXT); SELECT nothing")])
        let failing = SQLiteStore(path: path, schema: broken)
        await #expect(throws: StoreError.damaged) { try await open(failing) }
        failing.close()

        let store = SQLiteStore(path: path)
        defer { store.close() }
        #expect(try await integer(store, "SELECT schema_version FROM meta") == Int64(Schema.current.version))
        #expect(try await integer(store, "SELECT count(*) FROM sqlite_schema WHERE name IN ('extra', 'more')") == 0)
    }

    @Test func `is migrated by one of many that come at once`() async throws {
        let older = SQLiteStore(path: path)
        _ = try await open(older)
        older.close()
        let versions = try await racing(8) { _ in
            let store = SQLiteStore(path: path, schema: Self.newer)
            defer { store.close() }
            return try await integer(store, "SELECT schema_version FROM meta")
        }
        #expect(versions == Array(repeating: Int64(Self.newer.version), count: 8))
    }
}
