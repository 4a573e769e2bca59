// SPDX-License-Identifier: Apache-2.0

/// A question to the lanes, whether this is the password.
package struct PasswordCheck: Sendable {
    /// The password as presented.
    package let password: Password
    /// The hash that it is compared with.
    package let stored: PasswordHash
    /// Whether there is no account: the hash is computed all the same, and the answer is always no.
    package let isDecoy: Bool
    /// Whether a right password whose stored hash is outdated is hashed again, in the same lane.
    package let upgrades: Bool

    /// Creates a question about an account.
    package init(_ password: Password, against stored: PasswordHash, upgrades: Bool) {
        self.password = password
        self.stored = stored
        self.upgrades = upgrades
        isDecoy = false
    }

    /// Creates a question about an account that does not exist.
    package init(_ password: Password, decoy: PasswordHash) {
        self.password = password
        stored = decoy
        upgrades = false
        isDecoy = true
    }
}
