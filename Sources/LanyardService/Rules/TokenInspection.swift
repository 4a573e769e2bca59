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
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        let configuration = dependencies.configuration
        self.keys = keys
        live = dependencies.keys
        verifier = Verifier(
            rules: VerificationRules(
                ownTokensUnder: configuration, audiences: configuration.tokens.everyAudience, expiryLeeway: .zero))
        store = dependencies.store
        lifetimes = configuration.sessions
        self.now = dependencies.now
    }

    /// Returns the token that `text` is, if it is one of ours and has not expired; asks the store nothing.
    ///
    /// - Throws: ``ServiceError/storeUnavailable`` if it is one by keys that were read too long ago: its key may have been
    ///   revoked since.
    func accessToken(_ text: String) throws(ServiceError) -> VerifiedToken? {
        guard
            let token = try? verifier.verify(
                UnverifiedToken(text), keys: keys.current.keyring.accepted, at: NumericDate(now()))
        else { return nil }
        try live.requireFresh()
        return token
    }

    /// Finds out whether who `token` belongs to still is as it was issued for.
    func isActive(
        _ token: VerifiedToken, completion: @escaping @Sendable (Result<Bool, StoreError>) -> Void
    ) {
        guard let sessionID = token.sessionID else {
            return store.client(id: token.clientID) { completion($0.map { $0?.hasIssued(token) ?? false }) }
        }
        store.session(id: sessionID) { result in
            completion(
                result.map { owned in
                    guard let owned, owned.account.id.hasSameBytes(as: token.subject) else { return false }
                    return owned.account.disabledAt == nil && owned.session.isLive(lifetimes, at: now())
                })
        }
    }
}

extension VerifiedToken {
    /// Whether a service client got the token for itself.
    var isOfService: Bool { sessionID == nil && clientID.hasSameBytes(as: subject) }
}

extension ServiceClient {
    /// Whether the token is of this client, and not of one that had its name before.
    fileprivate func hasIssued(_ token: VerifiedToken) -> Bool {
        token.isOfService && token.issuedAt >= NumericDate(UnixTime(seconds: createdAt.seconds))
    }
}
