// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a refresh asks of the store.
package struct SessionAdvance: Sendable {
    /// The session the refresh token names.
    package var sessionID: SessionID
    /// The generation the refresh token carries, under a good MAC.
    package var generation: Int64
    /// How long sessions last.
    package var lifetimes: SessionLifetimes
    /// Whether the client is still there: asked before each decision.
    ///
    /// A refresh that its client has given up, decided late, could void a token that the client got since.
    package var isWanted: @Sendable () -> Bool
    /// Judges the audience of the session by the roles that the account has now.
    package var judgeAudience: @Sendable (_ audience: Audiences, _ roles: Roles) -> AudienceVerdict

    /// Creates an advance.
    package init(
        sessionID: SessionID, generation: Int64, lifetimes: SessionLifetimes,
        isWanted: @escaping @Sendable () -> Bool = { true },
        judgeAudience: @escaping @Sendable (_ audience: Audiences, _ roles: Roles) -> AudienceVerdict = { _, _ in
            .permitted
        }
    ) {
        self.isWanted = isWanted
        self.judgeAudience = judgeAudience
        self.sessionID = sessionID
        self.generation = generation
        self.lifetimes = lifetimes
    }
}

/// What became of a ``SessionAdvance``.
package enum SessionAdvanced: Equatable, Sendable {
    /// No session has this id: it was swept, or removed with its account.
    case unknown
    /// The session was over before; whether anybody has noticed.
    case over(Session.Cause, Session, isNews: Bool)
    /// The client had gone before the decision: nothing is decided.
    case abandoned
    /// This server issues no tokens for the audience of the session: nothing is decided, and the session goes on.
    case notServed(Session)
    /// The generation can only be a thief's, or the honest client's after a thief: the session has ended now.
    case reused(Session)
    /// The session goes on, as it stands after the decision, with its account as it is now.
    case advanced(RefreshDecision, Session, Account, at: UnixTime)
}
