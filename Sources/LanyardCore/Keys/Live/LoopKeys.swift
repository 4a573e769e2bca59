// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardVerifier

/// The keys as one event loop has them: nothing in it is shared with another thread.
package final class LoopKeys: @unchecked Sendable {
    // @unchecked Sendable because it is used on one loop only, which each use checks.
    private let live: LiveKeys
    private let policy: TokenPolicy
    private let loop: any Confinement
    private var copy: Replaceable<KeySnapshot>.Copy
    /// Made when it is first needed after a change.
    private var signer: AccessTokenIssuer?
    /// How many changes were taken over, for who makes something of the keys and must know whether it is out of date.
    package private(set) var changeCount = 0

    /// Why nothing can be signed.
    package enum IssuerError: Error {
        /// The keys were not read recently.
        case stale
        /// libcrypto does not take the key.
        case unusable
    }

    /// Creates the keys of `loop`.
    package init(_ live: LiveKeys, _ policy: TokenPolicy, on loop: any Confinement) {
        self.live = live
        self.policy = policy
        self.loop = loop
        copy = Replaceable.Copy(of: live.snapshot)
    }

    /// Takes over what has changed.
    package func update() {
        loop.checkIsConfined()
        guard copy.update() else { return }
        signer = nil
        changeCount += 1
    }

    /// The keys now.
    package var current: KeySnapshot {
        update()
        return copy.value
    }

    /// Returns the refresh token that `text` is; `nil` if its MAC is none of these keys.
    ///
    /// If the keys may have changed since they were read, one that is not known has them read again.
    package func refreshToken(_ text: [UInt8]) async -> RefreshToken? {
        if let token = current.refreshTokens.decode(text) { return token }
        guard !live.isFresh, await live.freshness.wait() else { return nil }
        return current.refreshTokens.decode(text)
    }

    /// Returns what `verify` makes of a token with the public keys of the store, or why the token is not good.
    ///
    /// If the keys may have changed since they were read, they are read again for a token that is good, whose key may have
    /// been revoked, and for one whose key is not known. Every other token is refused all the same.
    ///
    /// - Throws: ``StaleKeys`` if nobody can tell whether the key of the token is still good.
    func verified(
        _ verify: (_ keys: KeySet) throws(TokenError) -> VerifiedToken
    ) async throws(StaleKeys) -> Result<VerifiedToken, TokenError> {
        let result = Result { () throws(TokenError) in try verify(current.keyring.accepted) }
        guard !live.isFresh else { return result }
        switch result {
        case .success:
            try await live.requireFresh()
        case .failure(.unknownKey):
            guard await live.freshness.wait() else { return result }
        case .failure:
            return result
        }
        return Result { () throws(TokenError) in try verify(current.keyring.accepted) }
    }

    /// Whether documents of the key set can be handed out without another read of the keys.
    package var areDocumentsCurrent: Bool { live.freshness.isFreshOrUnreadable }

    /// What signs now.
    ///
    /// - Throws: ``IssuerError/stale`` if the store was not read recently: another replica may have made another key the one
    ///   that signs.
    package var issuer: AccessTokenIssuer {
        get throws(IssuerError) {
            guard live.isFresh else { throw .stale }
            update()
            if let signer { return signer }
            guard let issuer = try? AccessTokenIssuer(policy, key: copy.value.keyring.active) else {
                throw .unusable
            }
            signer = issuer
            return issuer
        }
    }
}
