// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// A refresh token for the next one of its session.
///
/// The decision is one step of the store, durable before anybody hears of it; ``RefreshDecision`` has its rules.
struct Refresh: Sendable {
    let sessions: any SessionStore
    let policy: SessionPolicy
    let now: @Sendable () -> UnixTime

    /// What was decided, and the session and the account after that.
    typealias Granted = (decision: RefreshDecision, session: Session, account: Account)

    /// Decides on a token that keys of the store have made.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - isWanted: Whether somebody still waits for the answer; asked when the decision is made.
    ///   - caller: Who presents it.
    /// - Returns: What was granted.
    /// - Throws: A ``RefreshRefusal``.
    func callAsFunction(
        _ token: RefreshToken, while isWanted: @escaping @Sendable () -> Bool, by caller: Caller
    ) async throws(RefreshRefusal) -> Granted {
        let advance = SessionAdvance(
            sessionID: token.sessionID, generation: token.generation, lifetimes: policy.lifetimes,
            isWanted: isWanted, judgeAudience: { [tokens = policy.tokens] in tokens.judge($0, holding: $1) })
        switch try await rethrowing(as: RefreshRefusal.store, await sessions.advanceSession(advance, at: now)) {
        case .advanced(let decision, let session, let account, at: let instant):
            caller.record(
                .refreshDecided(decision, generation: token.generation, leaving: session, at: instant))
            if decision == .ahead { caller.record(.sessionAhead(account: account.id, session: session.id)) }
            caller.record(.refreshed(decision, account: account.id, session: session.id))
            return (decision, session, account)
        case .reused(let session):
            if let endedAt = session.endedAt {
                caller.record(
                    .refreshDecided(.reuse, generation: token.generation, leaving: session, at: endedAt))
            }
            caller.record(.sessionReused(account: session.accountID, session: session.id))
            throw .notGranted
        case .over(let cause, let session, let isNews):
            if isNews { caller.record(.sessionEnded(EndedSession(session, cause))) }
            throw refused(session.accountID, session.id, cause.rawValue, by: caller)
        case .notServed(let session):
            throw refused(session.accountID, session.id, "audience", by: caller)
        case .unknown:
            throw refused(nil, token.sessionID, "unknown", by: caller)
        case .abandoned:
            // Nobody waits but a client that has closed one direction only: it may ask again.
            _ = refused(nil, token.sessionID, "abandoned", by: caller)
            throw .abandoned
        }
    }

    private func refused(
        _ account: String?, _ session: String, _ reason: String, by caller: Caller
    ) -> RefreshRefusal {
        caller.record(.refreshRefused(account: account, session: session, reason: reason))
        return .notGranted
    }
}

/// Why a refresh was refused.
enum RefreshRefusal: Error {
    /// The token is unknown, expired, revoked or used before, or its session is over.
    case notGranted
    /// Nobody waited for the answer when the decision was to be made.
    case abandoned
    /// The store did not make its step.
    case store(StoreError)
}
