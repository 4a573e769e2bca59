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

/// The status lists of a store under test.
struct StatusDrawing: Sendable {
    /// How many entries a list has.
    var listSize = StatusListUse.listSize
    /// Draws an index.
    var draw: @Sendable (Int) -> Int = { Int.random(in: 0..<$0) }
}

/// Hands an empty store of `kind` to `body`, and closes it after.
func withEmptyStore(
    _ kind: StoreKind, _ status: StatusDrawing = StatusDrawing(), _ body: (any Store) async throws -> Void
) async throws {
    switch kind {
    case .memory:
        let store = MemoryStore(statusListSize: status.listSize, drawStatusIndex: status.draw)
        defer { store.close() }
        try await body(store)
    case .sqlite:
        let folder = try TemporaryFolder()
        var limits = SQLiteStore.Limits()
        // So few that what ends several sessions takes several transactions.
        limits.sessionsPerStep = 2
        limits.statusListSize = status.listSize
        limits.drawStatusIndex = status.draw
        let store = SQLiteStore(path: folder.path("store.sqlite3"), limits: limits)
        defer { store.close() }
        try await body(store)
    }
}

/// Hands a founded store of `kind` to `body`, and closes it after.
func withStore(
    _ kind: StoreKind, _ status: StatusDrawing = StatusDrawing(), _ body: (any Store) async throws -> Void
) async throws {
    try await withEmptyStore(kind, status) { store in
        _ = try await store.open(founding: { Fixture.founding() })
        try await body(store)
    }
}
