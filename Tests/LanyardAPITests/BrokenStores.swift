// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardStore
import TestSupport

/// A store in which the account's password is changed between the login's read and its session.
final class RacingStore: PassingStore {
    let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    func openSession(
        _ opening: SessionOpening, at now: UnixTime
    ) async throws(StoreError) -> SessionOpened {
        _ = try await store.setPassword([1], ofAccount: opening.accountID, PasswordConditions(), at: now)
        return try await store.openSession(opening, at: now)
    }
}

/// A store that answers until a refresh comes, and one in which an account lost a role meanwhile.
final class RefreshingStore: PassingStore {
    let store: MemoryStore
    private let change: @Sendable (Result<SessionAdvanced, StoreError>) -> Result<SessionAdvanced, StoreError>

    init(
        _ store: MemoryStore,
        _ change: @escaping @Sendable (Result<SessionAdvanced, StoreError>) -> Result<SessionAdvanced, StoreError>
    ) {
        self.change = change
        self.store = store
    }

    func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        let result: Result<SessionAdvanced, StoreError>
        do throws(StoreError) {
            result = .success(try await store.advanceSession(advance, at: now))
        } catch {
            result = .failure(error)
        }
        return try change(result).get()
    }
}

/// A store that does not answer.
final class AwayStore: PassingStore {
    let store: MemoryStore
    init() {
        store = MemoryStore()
    }

    func ping() async throws(StoreError) { throw .unavailable }

    func recordClock(
        at now: UnixTime, replacing stale: UnixTime?
    ) async throws(StoreError) -> UnixTime {
        throw .unavailable
    }

    func account(nameKey: String) async throws(StoreError) -> Account? {
        throw .unavailable
    }

    func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        throw .unavailable
    }
}
