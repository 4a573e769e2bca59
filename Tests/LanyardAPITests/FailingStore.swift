// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardStore
import TestSupport

/// A store that fails at one kind of step, and makes all others.
final class FailingStore: PassingStore {
    let store: MemoryStore
    /// What it fails at.
    enum Step: CaseIterable, Sendable {
        case client, session, sessions, endSessions, setPassword
    }

    private let step: Step

    init(_ store: MemoryStore, at step: Step) {
        self.step = step
        self.store = store
    }

    func client(id: ClientID) async throws(StoreError) -> ServiceClient? {
        guard step != .client else { throw .unavailable }
        return try await store.client(id: id)
    }

    func session(id: SessionID) async throws(StoreError) -> SessionOwned? {
        guard step != .session else { throw .unavailable }
        return try await store.session(id: id)
    }

    func sessions(
        ofAccount id: AccountID, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session] {
        guard step != .sessions else { throw .unavailable }
        return try await store.sessions(ofAccount: id, lifetimes: lifetimes, limit: limit, at: now)
    }

    func endSessions(
        _ ending: SessionEnding, at now: UnixTime
    ) async throws(StoreError) -> SessionsEnded {
        guard step != .endSessions else { throw .unavailable }
        return try await store.endSessions(ending, at: now)
    }

    func setPassword(
        _ password: StoredPassword, ofAccount id: AccountID, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        guard step != .setPassword else { throw .unavailable }
        return try await store.setPassword(password, ofAccount: id, conditions, at: now)
    }
}
