// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport

/// A store that fails at one kind of step, and makes all others.
final class FailingStore: PassingStore, @unchecked Sendable {
    /// What it fails at.
    enum Step: CaseIterable, Sendable {
        case client, session, sessions, endSessions, setPassword
    }

    private let step: Step

    init(_ store: MemoryStore, at step: Step) {
        self.step = step
        super.init(store)
    }

    override func client(id: String) async throws(StoreError) -> ServiceClient? {
        guard step != .client else { throw .unavailable }
        return try await super.client(id: id)
    }

    override func session(id: String) async throws(StoreError) -> SessionOwned? {
        guard step != .session else { throw .unavailable }
        return try await super.session(id: id)
    }

    override func sessions(
        ofAccount id: String, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session] {
        guard step != .sessions else { throw .unavailable }
        return try await super.sessions(ofAccount: id, lifetimes: lifetimes, limit: limit, at: now)
    }

    override func endSessions(
        _ ending: SessionEnding, at now: UnixTime
    ) async throws(StoreError) -> SessionsEnded {
        guard step != .endSessions else { throw .unavailable }
        return try await super.endSessions(ending, at: now)
    }

    override func setPassword(
        _ password: StoredPassword, ofAccount id: String, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        guard step != .setPassword else { throw .unavailable }
        return try await super.setPassword(password, ofAccount: id, conditions, at: now)
    }
}
