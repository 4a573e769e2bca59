// SPDX-License-Identifier: Apache-2.0

/// A password that may be set, because a ``PasswordPolicy`` accepted it.
package struct NewPassword: Sendable {
    /// The password itself.
    package let password: Password

    init(accepted password: Password) {
        self.password = password
    }

    /// A password that no policy was asked about: the documented one of the account that `serve --dev` makes.
    ///
    /// - Precondition: `text` has at most ``Password/longestLength`` code points.
    package init(exemptFromPolicy text: String) {
        password = Password(text)
        precondition(!password.isOverlong, "a password that could never be presented")
    }
}
