// SPDX-License-Identifier: Apache-2.0

internal import CSQLite
internal import LanyardBase
internal import LanyardStore

/// A prepared statement of one connection, used where the connection is used.
@safe final class Statement {
    private let handle: OpaquePointer

    /// Prepares the first statement of `text`.
    ///
    /// The C function is `sqlite3_prepare_v3`.
    init(_ text: String, on connection: OpaquePointer) throws(StoreError) {
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let result = unsafe sqlite3_prepare_v3(connection, text, -1, flags, &prepared, nil)
        guard result == SQLITE_OK, let prepared = unsafe prepared else { throw StoreError(resultCode: result) }
        unsafe handle = prepared
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Binds `values` to the parameters, of which there are as many.
    func bind(_ values: [Value]) throws(StoreError) {
        precondition(values.count == Int(unsafe sqlite3_bind_parameter_count(handle)))
        for (index, value) in values.enumerated() {
            let result = bind(value, at: Int32(index + 1))
            guard result == SQLITE_OK else { throw StoreError(resultCode: result) }
        }
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return unsafe sqlite3_bind_null(handle, index)
        case .integer(let number):
            return unsafe sqlite3_bind_int64(handle, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                // A null pointer would bind NULL, and an empty buffer may have one.
                guard let start = bytes.baseAddress else { return unsafe sqlite3_bind_text(handle, index, "", 0, nil) }
                return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                    unsafe sqlite3_bind_text64(
                        handle, index, start, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let bytes):
            guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
            return unsafe sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), transient)
        }
    }

    /// Goes to the next row; `false` after the last.
    ///
    /// The C function is `sqlite3_step`.
    func step() throws(StoreError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw StoreError(resultCode: result)
        }
    }

    /// Makes the statement ready for its next use, and forgets what was bound.
    func reset() {
        // The result is that of the last step, which has been handled.
        _ = unsafe sqlite3_reset(handle)
        _ = unsafe sqlite3_clear_bindings(handle)
    }

    // What a column of the row holds, the first being 0. A value of another kind than asked for is damage.

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    func integer(_ column: Int32) throws(StoreError) -> Int64 {
        guard unsafe sqlite3_column_type(handle, column) == SQLITE_INTEGER else { throw .damaged }
        return unsafe sqlite3_column_int64(handle, column)
    }

    func text(_ column: Int32) throws(StoreError) -> String {
        guard unsafe sqlite3_column_type(handle, column) == SQLITE_TEXT,
            let start = unsafe sqlite3_column_text(handle, column)
        else { throw .damaged }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else { throw .damaged }
        return text
    }

    func bytes(_ column: Int32) throws(StoreError) -> [UInt8] {
        guard unsafe sqlite3_column_type(handle, column) == SQLITE_BLOB else { throw .damaged }
        // An empty value has no address.
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

extension Statement {
    func time(_ column: Int32) throws(StoreError) -> UnixTime {
        UnixTime(milliseconds: try integer(column))
    }

    func texts(_ column: Int32) throws(StoreError) -> [String] {
        guard let texts = TextList.decode(try text(column)) else { throw .damaged }
        return texts
    }

    func id<ID: ByteString>(_ column: Int32) throws(StoreError) -> ID { ID(try text(column)) }

    func list<Element>(_ column: Int32) throws(StoreError) -> Distinct<Element> {
        Distinct(trusted: try texts(column))
    }

    func word<Word: RawRepresentable>(_ column: Int32) throws(StoreError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try text(column)) else { throw .damaged }
        return word
    }

    /// Returns what `read` makes of the column; `nil` for NULL.
    func optional<Read>(
        _ column: Int32, _ read: (Int32) throws(StoreError) -> Read
    ) throws(StoreError) -> Read? {
        isNull(column) ? nil : try read(column)
    }
}

/// Makes SQLite copy what is bound: `SQLITE_TRANSIENT`, a macro with a cast that Swift cannot read.
private var transient: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
