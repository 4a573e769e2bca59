// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

/// The stores that the contract is held against.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case memory, sqlite

    var testDescription: String { rawValue }
}

/// Hands an empty store of `kind` to `body`, and closes it after.
func withEmptyStore(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
    switch kind {
    case .memory:
        let store = MemoryStore()
        defer { store.close() }
        try await body(store)
    case .sqlite:
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        try await body(store)
    }
}

/// Hands a founded store of `kind` to `body`, and closes it after.
func withStore(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
    try await withEmptyStore(kind) { store in
        _ = try await call { store.open(founding: { Fixture.founding() }, completion: $0) }
        try await body(store)
    }
}
