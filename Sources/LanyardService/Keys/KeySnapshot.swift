// SPDX-License-Identifier: Apache-2.0

/// The keys as they are at one time, and what is made of them once for each change.
package struct KeySnapshot: Sendable {
    /// The keys.
    package let keyring: Keyring
    /// Makes and checks refresh tokens.
    package let refreshTokens: RefreshTokenCodec
    let documents: PublicDocuments

    init(_ keyring: Keyring, _ configuration: ServiceConfiguration, makingRefreshTokensWith secret: String?) {
        self.keyring = keyring
        refreshTokens = keyring.refreshTokens(makingWith: secret)
        documents = PublicDocuments(configuration, keys: keyring.published)
    }
}
