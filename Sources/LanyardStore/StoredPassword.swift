// SPDX-License-Identifier: Apache-2.0

/// A password as it is written to the store.
package struct StoredPassword: Equatable, Sendable {
    /// The sealed hash.
    package var sealed: [UInt8]
    /// The scheme and cost of the hash in plain text (see ``Account/scheme``).
    package var scheme: String?

    /// Creates a password.
    package init(sealed: [UInt8], scheme: String?) {
        self.sealed = sealed
        self.scheme = scheme
    }
}
