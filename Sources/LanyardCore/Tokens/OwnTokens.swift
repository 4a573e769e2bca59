// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardVerifier

/// Verifies access tokens of this issuer, with the keys that one event loop has.
package struct OwnTokens: Sendable {
    private let keys: LoopKeys
    private let verifier: Verifier
    private let verifierOfAnyAudience: Verifier
    private let verifierOfExpired: Verifier
    private let now: @Sendable () -> UnixTime

    /// Which audience a token must have.
    package enum Audience: Sendable {
        /// One of those that the settings name now.
        case served
        /// Any.
        case any
    }

    /// Why a token was not verified.
    package enum Refusal: Error {
        /// It is not good.
        case token(TokenError)
        /// The keys were not read recently, and could not be read now.
        case staleKeys
    }

    init(_ keys: LoopKeys, _ policy: TokenPolicy, now: @escaping @Sendable () -> UnixTime) {
        self.keys = keys
        self.now = now
        // A replica's clock may be ahead of this one, which the rules allow for at the start of a token. Its end is ours to
        // keep.
        let rules = { (audiences: [String]?, leeway: Duration?) in
            VerificationRules(ownTokensOf: policy.issuer.text, audiences: audiences, expiryLeeway: leeway)
        }
        verifier = Verifier(rules: rules(policy.everyAudience.texts, .zero))
        verifierOfAnyAudience = Verifier(rules: rules(nil, .zero))
        verifierOfExpired = Verifier(rules: rules(nil, nil))
    }

    /// Returns what a token says that is good by its signature, times and audience; asks the store nothing.
    package func verify(_ token: [UInt8], audience: Audience) async throws(Refusal) -> VerifiedToken {
        let verifier = audience == .served ? verifier : verifierOfAnyAudience
        let result: Result<VerifiedToken, TokenError>
        do throws(StaleKeys) {
            result = try await keys.verified { keys throws(TokenError) in
                try verifier.verify(UnverifiedToken(token), keys: keys, at: NumericDate(now()))
            }
        } catch {
            throw .staleKeys
        }
        return try result.mapError(Refusal.token).get()
    }

    /// Returns what a token says that may have expired, whatever its audience; the keys were found fresh before.
    func verifyExpired(_ token: [UInt8]) throws(TokenError) -> VerifiedToken {
        try verifierOfExpired.verify(
            UnverifiedToken(token), keys: keys.current.keyring.accepted, at: NumericDate(now()))
    }
}
