// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
package import LanyardStore
internal import LanyardVerifier

/// Revokes what a token belongs to that keys of the store have signed: a session, or the tokens of a service client.
///
/// Whatever issuer the token names, for the setting may have changed since, and a command may not have it: only the keys of the
/// store can have signed it.
package struct TokenRevocation: Sendable {
    private let store: any ClientStore & SessionStore
    private let keyring: Keyring
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    /// What became of a token.
    package enum Outcome: Equatable, Sendable {
        /// Its session has ended.
        case sessionEnded(EndedSession)
        /// Its session was over before.
        case sessionOver(id: SessionID)
        /// The tokens of its client are revoked.
        case clientRevoked(id: ClientID)
        /// The tokens of its client that name the same index, or the client, were gone before.
        case clientOver(id: ClientID)
        /// No key of the store has signed it.
        case foreign
    }

    /// Creates the revocation of tokens that keys of a store have signed.
    package init(
        store: any ClientStore & SessionStore, keyring: Keyring, lifetimes: SessionLifetimes,
        now: @escaping @Sendable () -> UnixTime
    ) {
        self.store = store
        self.keyring = keyring
        self.lifetimes = lifetimes
        self.now = now
    }

    /// Revokes `text`, an access token, expired or not, or a refresh token; it may be anything.
    package func revoke(_ text: String) async throws(StoreError) -> Outcome {
        if let token = keyring.refreshTokens().decode(Array(text.utf8)) { return try await end(token.sessionID) }
        guard let unverified = try? UnverifiedToken(text),
            let issuer = try? unverified.unverifiedClaimsObject()["iss"]?.string,
            let token = try? Verifier(
                rules: VerificationRules(ownTokensOf: issuer, audiences: nil, expiryLeeway: nil)
            ).verify(unverified, keys: keyring.accepted, at: NumericDate(now()))
        else { return .foreign }
        if let session = token.session { return try await end(session) }
        return token.isOfService ? try await revokeTokens(of: token) : .foreign
    }

    private func end(_ session: SessionID) async throws(StoreError) -> Outcome {
        let ending = SessionEnding(.one(id: session, account: nil), cause: .revoked, lifetimes: lifetimes)
        let outcome = try await store.endSessions(ending, at: now())
        return outcome.ended.first.map(Outcome.sessionEnded) ?? .sessionOver(id: session)
    }

    private func revokeTokens(of token: VerifiedToken) async throws(StoreError) -> Outcome {
        guard let client = try await store.client(id: token.client), client.hasIssued(token) else {
            return .clientOver(id: token.client)
        }
        let index = token.status == nil ? nil : client.status
        let revoked = try await store.revokeTokens(ofClient: client.id, at: index, at: now())
        return revoked == .revoked ? .clientRevoked(id: client.id) : .clientOver(id: client.id)
    }
}

extension ServiceClient {
    /// Whether the token is one of this client that was not revoked: neither of a client that had its name before, nor of
    /// an index that the client had before.
    ///
    /// A token without an index was made while there were no status lists. Only times tell then, in whole seconds and without
    /// leeway: a secret that was stolen is replaced by removing the client and adding it anew, and where the clock of the
    /// one who does so is ahead, a client that asks at once has to ask again.
    func hasIssued(_ token: VerifiedToken) -> Bool {
        guard token.isOfService, token.client == id else { return false }
        if let reference = token.status {
            guard let status else { return false }
            return reference.index == status.index
                && reference.uri.hasSameBytes(as: StatusPolicy.uri(of: status.list, at: token.issuer))
        }
        guard token.issuedAt >= NumericDate(UnixTime(seconds: createdAt.seconds)) else { return false }
        return tokensRevokedAt.map { token.issuedAt > NumericDate($0) } ?? true
    }
}
