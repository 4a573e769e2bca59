// SPDX-License-Identifier: Apache-2.0

// The example of README.md, word for word: a test compares them.

import LanyardVerifier

/// Lets a request in if it carries a token for this service.
struct Gate {
    let verifier: Verifier
    let keys: KeySetCache

    init(issuer: String, audience: String, download: @escaping @Sendable () async throws -> [UInt8]) {
        verifier = Verifier(issuer: issuer, audience: audience)
        keys = KeySetCache(fetch: download)
    }

    /// Returns the token if it is good, and holds the role.
    func admit(_ bearer: String, role: String) async throws -> VerifiedToken? {
        let token = try await verifier.verify(bearer, keys: keys, at: .now)
        return token.roles.contains(role) ? token : nil
    }
}
