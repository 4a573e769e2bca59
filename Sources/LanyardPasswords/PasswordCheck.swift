// SPDX-License-Identifier: Apache-2.0

/// A question to the lanes, whether this is the password.
package struct PasswordCheck: Sendable {
    /// The password as presented.
    package let password: Password
    /// The hash of the account, or `nil` if there is no such account: then one of the live parameters is computed in vain.
    package let stored: PasswordHash?
    /// Whether a right password whose stored hash is outdated is hashed anew, in the same lane.
    package let upgrades: Bool

    /// Creates a question.
    package init(_ password: Password, against stored: PasswordHash?, upgrades: Bool) {
        self.password = password
        self.stored = stored
        self.upgrades = upgrades
    }
}
