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
    private let live: LiveKeys
    private let verifier: Verifier
    private let verifierOfAnyAudience: Verifier
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        let configuration = dependencies.configuration
        self.keys = keys
        live = dependencies.keys
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
    ///   - call: The request that has it.
    ///   - isForUs: Whether its audience must be one of those that the settings name now.
    /// - Returns: The token, or `nil`.
    /// - Throws: ``ServiceError/staleKeys`` if the keys were read too long ago to tell: its key may have been revoked or
    ///   published since.
    func accessToken(_ text: String, of call: Call, isForUs: Bool = true) throws(ServiceError) -> VerifiedToken? {
        let verifier = isForUs ? verifier : verifierOfAnyAudience
        let token: VerifiedToken
        do throws(TokenError) {
            token = try verifier.verify(
                UnverifiedToken(text), keys: keys.current.keyring.accepted, at: NumericDate(now()))
        } catch {
            if case .unknownKey = error, !call.hasWaited { try live.requireFresh() }
            return nil
        }
        try live.requireFresh()
        return token
    }

    /// Finds out which roles of `token` the account or client still has that it belongs to.
    ///
    /// `completion` gets `nil` if the token is good for nothing: its session is over, its account disabled, its client removed.
    func roles(
        of token: VerifiedToken, completion: @escaping @Sendable (Result<[String]?, StoreError>) -> Void
    ) {
        guard let sessionID = token.sessionID else {
            return store.client(id: token.clientID) { result in
                completion(result.map { $0.flatMap { $0.hasIssued(token) ? token.roles(heldIn: $0.roles) : nil } })
            }
        }
        store.session(id: sessionID) { result in
            completion(
                result.map { owned in
                    guard let owned, owned.account.id.hasSameBytes(as: token.subject), owned.account.disabledAt == nil,
                        owned.session.isLive(lifetimes, at: now())
                    else { return nil }
                    return token.roles(heldIn: owned.account.roles)
                })
        }
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
