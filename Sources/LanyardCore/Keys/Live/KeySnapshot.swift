// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The keys as they are at one time.
package struct KeySnapshot: Sendable {
    /// The keys.
    package let keyring: Keyring
    /// Makes and checks refresh tokens.
    package let refreshTokens: RefreshTokenCodec

    init(_ keyring: Keyring, makingRefreshTokensWith secret: KeyID?) {
        self.keyring = keyring
        refreshTokens = keyring.refreshTokens(makingWith: secret)
    }
}
