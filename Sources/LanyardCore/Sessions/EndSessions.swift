// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

/// Ends sessions, one or several: logouts, revocations, and sessions that another takes the place of.
package struct EndSessions: Sendable {
    let sessions: any SessionStore
    let lifetimes: SessionLifetimes
    let now: @Sendable () -> UnixTime

    /// Ends the sessions of `scope` that go on; one that is over or unknown is no failure.
    @discardableResult
    package func callAsFunction(
        _ scope: SessionEnding.Scope, _ cause: Session.Cause, by caller: Caller
    ) async throws(StoreError) -> SessionsEnded {
        let outcome = try await sessions.endSessions(
            SessionEnding(scope, cause: cause, lifetimes: lifetimes), at: now())
        for session in outcome.ended { caller.record(.sessionEnded(session)) }
        return outcome
    }
}
