// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier

/// Says of an access token of this issuer whether it is good now: not by its signature and times alone, but by its session, or
/// by the client that has it.
struct TokenInspection: Sendable {
    private let keys: LoopKeys
    private let verifier: Verifier
    private let verifierOfAnyAudience: Verifier
    private let store: any ClientStore & SessionStore
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        let configuration = dependencies.configuration
        self.keys = keys
        let rules = { VerificationRules(ownTokensUnder: configuration, audiences: $0, expiryLeeway: .zero) }
        verifier = Verifier(rules: rules(configuration.tokens.everyAudience))
        verifierOfAnyAudience = Verifier(rules: rules(nil))
        store = dependencies.store
        lifetimes = configuration.sessions
        self.now = dependencies.now
    }

    /// Returns the token that `text` is, if it is one of ours and has not expired; asks the store nothing.
    ///
    /// - Parameters:
    ///   - text: Anything.
    ///   - isForUs: Whether its audience must be one of those that the settings name now.
    /// - Returns: The token, or `nil`.
    /// - Throws: ``ServiceError/staleKeys`` if the keys were read too long ago to tell, and cannot be read now.
    func accessToken(_ text: String, isForUs: Bool = true) async throws(ServiceError) -> VerifiedToken? {
        let verifier = isForUs ? verifier : verifierOfAnyAudience
        let result = try await keys.verified { keys throws(TokenError) in
            try verifier.verify(UnverifiedToken(text), keys: keys, at: NumericDate(now()))
        }
        return try? result.get()
    }

    /// Returns which roles of `token` the account or client still has that it belongs to.
    ///
    /// `nil` if the token is good for nothing: its session is over, its account disabled, its client removed.
    func roles(of token: VerifiedToken) async throws(ServiceError) -> [String]? {
        guard let sessionID = token.sessionID else {
            let client = try await asServiceError(await store.client(id: token.clientID))
            return client.flatMap { $0.hasIssued(token) ? token.roles(heldIn: $0.roles) : nil }
        }
        guard let owned = try await asServiceError(await store.session(id: sessionID)),
            owned.account.id.hasSameBytes(as: token.subject), owned.account.disabledAt == nil,
            owned.session.isLive(lifetimes, at: now())
        else { return nil }
        return token.roles(heldIn: owned.account.roles)
    }
}

extension VerifiedToken {
    /// Whether a service client got the token for itself.
    var isOfService: Bool { sessionID == nil && clientID.hasSameBytes(as: subject) }

    /// Returns those roles of the token that are among `held`: one may have been taken away since.
    func roles(heldIn held: [String]) -> [String] {
        roles.filter { role in held.contains { $0.hasSameBytes(as: role) } }
    }
}
