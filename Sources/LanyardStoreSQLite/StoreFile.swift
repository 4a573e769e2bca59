// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import LanyardStore

/// The file that a store is in, and the way from it to a connection that steps can rely on.
struct StoreFile: Sendable {
    let path: String
    let schema: Schema

    /// Opens the store; `nil` if there is none and none is to be made.
    ///
    /// A store of an older release is brought up to date. An empty file is no store: it is what a process leaves that
    /// ends between making the file and founding the store. With `isFounding` the file is made if it is missing, and
    /// the connection to an empty one is returned.
    func connect(isFounding: Bool, on queue: DispatchQueue) throws(StoreError) -> Connection? {
        if isFounding {
            try createIfMissing()
        } else if try !exists() {
            return nil
        }
        guard unsafe access(path, R_OK | W_OK) == 0 else { throw .permissionDenied }
        let connection = try Connection(path: path, on: queue)
        let version = try version(of: connection)
        guard version > 0 || isFounding else { return nil }
        try configure(connection)
        if version > 0, version < schema.version {
            try connection.transaction { connection throws(StoreError) in try migrate(connection) }
        }
        return connection
    }

    /// Brings the tables up to date within the transaction that is open: all of them, or it throws.
    func migrate(_ connection: Connection) throws(StoreError) {
        // Read anew: another process may have done it since.
        let version = try version(of: connection)
        guard version < schema.version else { return }
        for migration in schema.migrations.dropFirst(version) {
            try connection.execute(migration.script)
        }
        try connection.execute("PRAGMA application_id = \(Schema.applicationID)")
        let usableFrom = max(try connection.integer("PRAGMA user_version"), Int64(schema.usableFrom))
        try connection.execute("PRAGMA user_version = \(usableFrom)")
        // A store that is being founded has no row yet.
        if try connection.hasSchemaVersion() {
            try connection.execute("UPDATE meta SET schema_version = \(schema.version)")
        }
    }

    /// Returns the version of the tables, 0 for an empty file; higher than ``schema`` knows if a newer release has only added
    /// to them.
    private func version(of connection: Connection) throws(StoreError) -> Int {
        let isReading = !connection.isInTransaction
        if isReading { try connection.execute("BEGIN") }  // The answers are those of one moment.
        defer { if isReading { connection.rollBack() } }
        let hasTables = try connection.integer("SELECT EXISTS (SELECT 1 FROM sqlite_schema)") != 0
        let application = try connection.integer("PRAGMA application_id")
        let usableFrom = Int(try connection.integer("PRAGMA user_version"))
        if !hasTables, application == 0, usableFrom == 0 { return 0 }
        guard hasTables, application == Schema.applicationID, usableFrom > 0 else { throw .damaged }
        guard usableFrom <= schema.version else {
            throw .newerSchema(found: usableFrom, supported: schema.version)
        }
        // Up to version 4, the number was the user_version alone.
        guard try connection.hasSchemaVersion() else { return usableFrom }
        return Int(try connection.integer("SELECT schema_version FROM meta"))
    }

    private func configure(_ connection: Connection) throws(StoreError) {
        try connection.execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA trusted_schema = OFF;
            PRAGMA journal_size_limit = \(Self.journalBytes);
            """)
        // A file system without shared memory leaves the journal as it was, and says so here alone.
        guard try connection.integer("SELECT journal_mode = 'wal' FROM pragma_journal_mode") == 1 else {
            throw .cannotCreate
        }
    }

    private func createIfMissing() throws(StoreError) {
        // Never opened if it exists: closing any descriptor of a file drops every POSIX lock that this process holds on
        // it, those of other connections included (https://sqlite.org/howtocorrupt.html, section 2.2).
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            _ = close(descriptor)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOSPC, EDQUOT: throw .full
        case EMFILE, ENFILE, EINTR, EIO, ENOMEM: throw .unavailable
        default: throw .cannotCreate
        }
    }

    private func exists() throws(StoreError) -> Bool {
        if unsafe access(path, F_OK) == 0 { return true }
        switch errno {
        case ENOENT, ENOTDIR: return false
        case EACCES: throw .permissionDenied
        default: throw .unavailable
        }
    }

    /// To what the write-ahead log is cut when it has been long, so that one burst does not keep the disk for ever.
    private static let journalBytes = 16 * 1_048_576
}

extension Connection {
    /// Whether the store counts its migrations in a column of its own.
    fileprivate func hasSchemaVersion() throws(StoreError) -> Bool {
        try integer("SELECT count(*) FROM pragma_table_info('meta') WHERE name = 'schema_version'") == 1
    }

    /// Runs `body` in a transaction of its own that locks out all other writers: all of it is written, or nothing.
    func transaction(_ body: (Connection) throws(StoreError) -> Void) throws(StoreError) {
        try execute("BEGIN IMMEDIATE")
        do {
            try body(self)
            try execute("COMMIT")
        } catch {
            rollBack()
            throw error
        }
    }

    /// Ends the transaction, if one is open, and undoes it.
    func rollBack() {
        guard isInTransaction else { return }
        // If even this fails, the connection is given up by whoever got the error that led here.
        try? execute("ROLLBACK")
    }
}
