// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

extension SessionAdvance {
    /// What a store writes and answers.
    package struct Outcome: Equatable, Sendable {
        /// The session as it is to be; equal to the one that was read if nothing is to be written.
        package var session: Session
        /// What the call is completed with.
        package var advanced: SessionAdvanced
    }

    /// Decides what becomes of a session whose row is `session` and whose owner is `account`.
    ///
    /// Every store decides here, so that stores differ in how they read and write alone.
    ///
    /// - Parameters:
    ///   - session: The row that ``sessionID`` names.
    ///   - account: Its owner as it is now.
    ///   - times: What the store remembers of the servers' settings and clocks.
    ///   - now: The store's own time.
    /// - Returns: What to write and what to answer.
    package func outcome(
        for session: Session, of account: Account, times: StoreTimes, at now: UnixTime
    ) -> Outcome {
        if session.endedAt != nil, let cause = session.cause {
            return Outcome(session: session, advanced: .over(cause, session, isNews: false))
        }
        var session = session
        let end = lifetimes.end(of: session)
        if end.at <= now {
            session.end(end.cause, at: end.at)
            return Outcome(session: session, advanced: .over(end.cause, session, isNews: true))
        }
        if account.disabledAt != nil {
            session.end(.disabled, at: now)
            return Outcome(session: session, advanced: .over(.disabled, session, isNews: true))
        }
        let row = session.refreshRow
        let decision = RefreshDecision(row: row, generation: generation, grace: lifetimes.refreshGrace, at: now)
        if decision == .reuse {
            session.end(.reuse, at: now)
            return Outcome(session: session, advanced: .reused(session))
        }
        switch judgeAudience(session.audience, account.roles) {
        case .permitted: break
        case .lost:
            session.end(.revoked, at: now)
            return Outcome(session: session, advanced: .over(.revoked, session, isNews: true))
        case .notServed:
            return Outcome(session: session, advanced: .notServed(session))
        }
        let trustsClock = times.outlives(lifetimes, rotatedAt: now)
        session.refreshRow =
            decision.successor(of: row, generation: generation, at: now, trustsClock: trustsClock) ?? row
        // A login dated by a clock that was ahead would give the session as much more life.
        if session.createdAt > now + RefreshDecision.clockTolerance, !times.isBehind(now) { session.createdAt = now }
        // It never falls: an access token made before the clock went back, or under a longer lifetime, may still live.
        // It can rise without a rotation, when a replica with a longer access lifetime or grace has joined since.
        session.tokensUntil = max(
            session.tokensUntil, session.rotatedAt + lifetimes.refreshGrace + times.longestAccessLifetime)
        return Outcome(session: session, advanced: .advanced(decision, session, account, at: now))
    }
}

extension Session {
    /// The part of the row that a ``RefreshDecision`` reads and writes.
    package var refreshRow: RefreshDecision.Row {
        get { RefreshDecision.Row(current: current, previous: previous, rotatedAt: rotatedAt) }
        set {
            current = newValue.current
            previous = newValue.previous
            rotatedAt = newValue.rotatedAt
        }
    }
}
