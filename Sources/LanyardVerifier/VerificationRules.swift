// SPDX-License-Identifier: Apache-2.0

package import LanyardCrypto

/// What an access token must satisfy.
///
/// The public ``Verifier`` can only be made with rules that check everything. The issuer has needs of its own: it reads
/// expired tokens that come with a refresh, and `lanyard token verify` may be asked without an audience.
package struct VerificationRules: Sendable {
    /// The `iss`, byte by byte.
    package var issuer: String
    /// The audiences of which the token must have one; `nil` does not look at them.
    package var audiences: [String]?
    /// The types that are accepted.
    package var types: [TokenType] = [.accessToken]
    /// The algorithms that are accepted.
    package var algorithms: [SigningAlgorithm] = SigningAlgorithm.allCases
    /// How long after `exp` a token is still accepted; `nil` does not compare `exp` with the time at all.
    package var expiryLeeway: Duration? = .seconds(30)
    /// How far ahead of us the issuer's clock may be, for `nbf` and `iat`.
    package var startLeeway: Duration = .seconds(30)

    /// Creates the rules for one issuer.
    package init(issuer: String, audiences: [String]?) {
        self.issuer = issuer
        self.audiences = audiences
    }
}
