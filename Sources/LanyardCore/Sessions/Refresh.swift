// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore
internal import LanyardVerifier

/// A refresh token for the next one of its session.
///
/// The MAC, and an access token that is presented, are checked before the store is asked, so a forged one costs no read. The
/// decision is one step of the store, durable before the answer leaves; ``RefreshDecision`` has its rules.
package struct Refresh: Sendable {
    let keys: LoopKeys
    let live: LiveKeys
    let own: OwnTokens
    let sessions: any SessionStore
    let tokens: TokenPolicy
    let policy: SessionPolicy
    let now: @Sendable () -> UnixTime

    /// What was decided, and the session and the account after that.
    package typealias Granted = (decision: RefreshDecision, session: Session, account: Account)

    /// Decides on a refresh token.
    ///
    /// - Parameters:
    ///   - text: The token; it may be anything.
    ///   - accessToken: The access token that is presented with it, if one is.
    ///   - isWanted: Whether the client still waits for the answer; asked when the decision is made.
    ///   - caller: The client.
    /// - Returns: What was granted.
    /// - Throws: A ``RefreshRefusal``.
    package func callAsFunction(
        _ text: [UInt8], with accessToken: [UInt8]?, while isWanted: @escaping @Sendable () -> Bool, by caller: Caller
    ) async throws(RefreshRefusal) -> Granted {
        guard let token = await keys.refreshToken(text) else { throw refused(nil, nil, "forged", by: caller) }
        // Before the decision, for a token that cannot be answered with another must not be used up; and before an access
        // token is looked at, whose key may have been revoked since.
        try await rethrowing(as: { (_: StaleKeys) in RefreshRefusal.staleKeys }, await live.requireFresh())
        if let objection = objection(to: accessToken, ofSession: token.sessionID) {
            _ = refused(nil, token.sessionID, objection, by: caller)
            throw .otherAccessToken
        }
        return try await decide(token, while: isWanted, by: caller)
    }

    /// Ties a refresh to an access token of its session, where one is presented or the settings ask for one.
    ///
    /// A thief of the refresh token alone cannot go on then. The access token may have expired: that is when clients refresh.
    ///
    /// - Returns: Why the refresh must be refused, for the log; `nil` if it need not.
    private func objection(to token: [UInt8]?, ofSession id: SessionID) -> String? {
        guard let token else { return policy.requiresAccessToken ? "access_token_missing" : nil }
        do throws(TokenError) {
            let token = try own.verifyExpired(token)
            guard token.session == id else {
                return "access_token_of_another_session"
            }
            return nil
        } catch {
            return "access_token_\(error.word)"
        }
    }

    private func decide(
        _ token: RefreshToken, while isWanted: @escaping @Sendable () -> Bool, by caller: Caller
    ) async throws(RefreshRefusal) -> Granted {
        let advance = SessionAdvance(
            sessionID: token.sessionID, generation: token.generation, lifetimes: policy.lifetimes,
            isWanted: isWanted, judgeAudience: { [tokens] in tokens.judge($0, holding: $1) })
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
            // Nobody waits but a client that has closed one direction only: it may retry.
            _ = refused(nil, token.sessionID, "abandoned", by: caller)
            throw .abandoned
        }
    }

    private func refused(
        _ account: AccountID?, _ session: SessionID?, _ reason: String, by caller: Caller
    ) -> RefreshRefusal {
        caller.record(.refreshRefused(account: account, session: session, reason: reason))
        return .notGranted
    }
}

/// Why a refresh was refused.
package enum RefreshRefusal: Error {
    /// The token is forged, unknown, expired, revoked or used before, or its session is over.
    case notGranted
    /// The access token that was presented with it is not good, or of another session; or none was, and one is required.
    case otherAccessToken
    /// The keys were not read recently, and could not be read now.
    case staleKeys
    /// Nobody waited for the answer when the decision was to be made.
    case abandoned
    /// The store did not make its step.
    case store(StoreError)
}
