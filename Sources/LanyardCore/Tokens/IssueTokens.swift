// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// A session, or the grant of a service client, for signed tokens; the signature takes most of the time.
package struct IssueTokens: Sendable {
    let keys: LoopKeys
    let policy: TokenPolicy
    let lifetimes: SessionLifetimes
    let metrics: Metrics
    let now: @Sendable () -> UnixTime

    /// Returns tokens of `session`.
    ///
    /// - Parameters:
    ///   - session: The session after the decision.
    ///   - account: Its account.
    ///   - kept: The refresh token that was presented, if it stays: it is given back as it came, also where the key that made
    ///     it makes no more.
    /// - Returns: The tokens.
    /// - Throws: An ``IssueRefusal``.
    package func callAsFunction(
        for session: Session, of account: Account, keeping kept: String? = nil
    ) throws(IssueRefusal) -> IssuedTokens {
        // The row keeps what was requested at login: a role that is given back counts again.
        var permitted = session
        permitted.audience = policy.permitted(session.audience, holding: account.roles)
        let sessionEnd = session.createdAt + lifetimes.absolute
        let now = now()
        var issued = try issue(at: now) { issuer throws(IssueRefusal) in
            guard !permitted.audience.isEmpty else { throw .audienceLost }
            guard let made = try? issuer.token(for: permitted, of: account, sessionEnd: sessionEnd, at: now) else {
                throw .internal
            }
            return made
        }
        issued.refresh = IssuedTokens.Refresh(
            text: kept
                ?? keys.current.refreshTokens.encode(
                    RefreshToken(sessionID: session.id, generation: session.current)),
            isKept: kept != nil, expiresIn: max(0, lifetimes.end(of: session).at.seconds - now.seconds))
        return issued
    }

    /// Returns a token for what a service client was granted.
    package func callAsFunction(
        _ grant: GrantClientToken.Grant, by caller: Caller
    ) throws(IssueRefusal) -> IssuedTokens {
        let now = now()
        let issued = try issue(at: now) { issuer throws(IssueRefusal) in
            guard let made = try? issuer.token(for: grant, at: now) else { throw .internal }
            return made
        }
        caller.record(.clientTokenIssued(client: grant.client.id))
        return issued
    }

    private func issue(
        at now: UnixTime,
        _ make: (AccessTokenIssuer) throws(IssueRefusal) -> (token: [UInt8], expires: UnixTime)
    ) throws(IssueRefusal) -> IssuedTokens {
        let issuer: AccessTokenIssuer
        do throws(LoopKeys.IssuerError) {
            issuer = try keys.issuer
        } catch {
            throw error == .stale ? .staleKeys : .internal
        }
        let (token, expires) = try make(issuer)
        guard expires.seconds > now.seconds else { throw .sessionOver }
        guard token.count <= AccessTokenIssuer.maximumBytes else { throw .tooLong }
        metrics.tokensIssued.count(issuer.algorithm)
        return IssuedTokens(access: token, expiresIn: expires.seconds - now.seconds)
    }
}
