// SPDX-License-Identifier: Apache-2.0

internal import LanyardVerifier

extension VerificationRules {
    /// The rules for an access token that comes back to its issuer.
    ///
    /// - Parameters:
    ///   - issuer: The issuer's name.
    ///   - audiences: The audiences of which the token must have one; `nil` does not look at them.
    ///   - expiryLeeway: How long after `exp` the token is still accepted; `nil` does not look at `exp`.
    init(ownTokensOf issuer: String, audiences: [String]?, expiryLeeway: Duration?) {
        self.init(issuer: issuer, audiences: audiences)
        // Tokens made before the setting was changed are ours too.
        types = [.accessToken, .jwt]
        self.expiryLeeway = expiryLeeway
    }
}
