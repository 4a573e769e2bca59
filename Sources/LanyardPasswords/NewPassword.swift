// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A password that may be set, because a ``PasswordPolicy`` accepted it.
package struct NewPassword: Sendable {
    /// The bytes that are hashed: the UTF-8 of the NFC form.
    package let bytes: Secret<[UInt8]>

    init(accepted normalized: String) {
        bytes = Secret(Array(normalized.utf8))
    }

    /// A password that no policy was asked about: the documented one of the account that `serve --dev` makes.
    ///
    /// - Precondition: `text` has at most ``Password/longestLength`` code points.
    package init(exemptFromPolicy text: String) {
        guard let normalized = Password(text).normalizedBytes() else {
            preconditionFailure("a password that could never be presented")
        }
        bytes = Secret(normalized)
    }
}
