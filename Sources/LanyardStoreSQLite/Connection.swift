// SPDX-License-Identifier: Apache-2.0

internal import CSQLite
package import Dispatch
package import LanyardStore

/// An open database file, used on one serial queue.
@safe package final class Connection {
    private let handle: OpaquePointer
    private let queue: DispatchQueue
    private var statements: [ObjectIdentifier: Statement] = [:]

    /// Opens the file at `path`, which must exist, for use on `queue`, where this is called.
    ///
    /// Reads nothing from it. The C function is `sqlite3_open_v2`.
    package init(path: String, on queue: DispatchQueue) throws(StoreError) {
        dispatchPrecondition(condition: .onQueue(queue))
        var opened: OpaquePointer?
        // No mutex inside: the queue is the one.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened = unsafe opened else { throw StoreError(resultCode: result) }
        unsafe handle = opened  // Owned from here on, whatever the result: a throw below runs deinit.
        self.queue = queue
        try check(result)
        // Before anything else: without it, two processes that open a new file at once fail each other.
        try check(unsafe sqlite3_busy_timeout(handle, Self.busyMilliseconds))
        try check(unsafe lanyard_sqlite3_harden(handle))
        // SQLite opens what it may not write for reading, and says so here alone.
        guard unsafe sqlite3_db_readonly(handle, "main") == 0 else { throw .permissionDenied }
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    /// Whether a transaction is open.
    ///
    /// SQLite ends one by itself after some errors.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Whether another file, or none, is now where this one was opened.
    ///
    /// The C function is `sqlite3_file_control` with `SQLITE_FCNTL_HAS_MOVED`.
    var hasMoved: Bool {
        var moved: Int32 = 0
        let result = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return result == SQLITE_OK && moved != 0
    }

    /// Executes statements without parameters, and discards rows.
    ///
    /// The C function is `sqlite3_exec`.
    package func execute(_ script: String) throws(StoreError) {
        dispatchPrecondition(condition: .onQueue(queue))
        try check(unsafe sqlite3_exec(handle, script, nil, nil, nil))
    }

    /// Returns the integer that the statement `text` gives; for what is asked once only.
    package func integer(_ text: String) throws(StoreError) -> Int64 {
        dispatchPrecondition(condition: .onQueue(queue))
        let statement = unsafe try Statement(text, on: handle)
        guard try statement.step() else { throw .damaged }
        return try statement.integer(0)
    }

    /// Returns a column of text of every row that the statement `text` gives; for what is asked once only.
    package func texts(_ text: String, column: Int32) throws(StoreError) -> [String] {
        dispatchPrecondition(condition: .onQueue(queue))
        let statement = unsafe try Statement(text, on: handle)
        var texts: [String] = []
        while try statement.step() { texts.append(try statement.text(column)) }
        return texts
    }

    /// Runs a statement that gives no rows; returns how many rows it changed.
    @discardableResult
    func run(_ query: Query, _ values: [Value] = []) throws(StoreError) -> Int {
        try with(query, values) { statement throws(StoreError) in _ = try statement.step() }
        return Int(unsafe sqlite3_changes(handle))
    }

    /// Returns what `read` makes of the first row; `nil` if there is none.
    func first<Read>(
        _ query: Query, _ values: [Value] = [], _ read: (Statement) throws(StoreError) -> Read
    ) throws(StoreError) -> Read? {
        try with(query, values) { statement throws(StoreError) in
            try statement.step() ? try read(statement) : nil
        }
    }

    /// Returns what `read` makes of each row.
    func all<Read>(
        _ query: Query, _ values: [Value] = [], _ read: (Statement) throws(StoreError) -> Read
    ) throws(StoreError) -> [Read] {
        try with(query, values) { statement throws(StoreError) in
            var rows: [Read] = []
            while try statement.step() { rows.append(try read(statement)) }
            return rows
        }
    }

    private func with<Result>(
        _ query: Query, _ values: [Value], _ body: (Statement) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        dispatchPrecondition(condition: .onQueue(queue))
        let statement = try prepared(query)
        defer { statement.reset() }
        try statement.bind(values)
        return try body(statement)
    }

    private func prepared(_ query: Query) throws(StoreError) -> Statement {
        if let statement = statements[ObjectIdentifier(query)] { return statement }
        let statement = unsafe try Statement(query.text, on: handle)
        statements[ObjectIdentifier(query)] = statement
        return statement
    }

    private func check(_ result: Int32) throws(StoreError) {
        guard result == SQLITE_OK else { throw StoreError(resultCode: result) }
    }

    /// How long SQLite itself waits for a lock; whoever calls tries again within the call's own deadline.
    private static let busyMilliseconds: Int32 = 100
}
