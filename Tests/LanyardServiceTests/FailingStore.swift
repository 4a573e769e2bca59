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

    override func client(id: String, completion: @escaping Completion<ServiceClient?>) {
        guard step != .client else { return completion(.failure(.unavailable)) }
        super.client(id: id, completion: completion)
    }

    override func session(id: String, completion: @escaping Completion<SessionOwned?>) {
        guard step != .session else { return completion(.failure(.unavailable)) }
        super.session(id: id, completion: completion)
    }

    override func sessions(
        ofAccount id: String, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime,
        completion: @escaping Completion<[Session]>
    ) {
        guard step != .sessions else { return completion(.failure(.unavailable)) }
        super.sessions(ofAccount: id, lifetimes: lifetimes, limit: limit, at: now, completion: completion)
    }

    override func endSessions(
        _ ending: SessionEnding, at now: UnixTime, completion: @escaping Completion<SessionsEnded>
    ) {
        guard step != .endSessions else { return completion(.failure(.unavailable)) }
        super.endSessions(ending, at: now, completion: completion)
    }

    override func setPassword(
        _ password: StoredPassword, ofAccount id: String, _ conditions: PasswordConditions, at now: UnixTime,
        completion: @escaping Completion<[EndedSession]?>
    ) {
        guard step != .setPassword else { return completion(.failure(.unavailable)) }
        super.setPassword(password, ofAccount: id, conditions, at: now, completion: completion)
    }
}
