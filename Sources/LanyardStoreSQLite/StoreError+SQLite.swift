// SPDX-License-Identifier: Apache-2.0

internal import CSQLite
internal import LanyardStore

extension StoreError {
    /// Creates the error that an extended result code of SQLite stands for.
    ///
    /// Source: https://sqlite.org/rescode.html
    init(resultCode: Int32) {
        switch resultCode & 0xFF {
        case SQLITE_CONSTRAINT: self = Self(constraint: resultCode)
        case SQLITE_FULL: self = .full
        case SQLITE_CANTOPEN: self = .cannotCreate
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: self = .permissionDenied
        case SQLITE_MISUSE, SQLITE_RANGE: preconditionFailure("SQLite was called against its rules: \(resultCode)")
        // SQLITE_ERROR is what a statement says that does not fit the tables.
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_FORMAT: self = .damaged
        // Locked, out of memory, input and output errors: another try may succeed.
        default: self = .unavailable
        }
    }

    private init(constraint resultCode: Int32) {
        switch resultCode {
        case SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (10 << 8):
            self = .conflict  // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID: macros that Swift cannot read.
        default:
            self = .damaged  // No step breaks another rule of tables that are as steps leave them.
        }
    }
}
