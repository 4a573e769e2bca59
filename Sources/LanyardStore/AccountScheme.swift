// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// An account whose scheme has not been filled in, or the scheme to fill in.
package struct AccountScheme: Equatable, Sendable {
    /// The account.
    package var id: AccountID
    /// Its password, as it was read: the scheme belongs to no other.
    package var sealed: [UInt8]
    /// The scheme; empty for a hash that cannot be read, `nil` before it has been found out.
    package var scheme: String?

    /// Creates a scheme of an account.
    package init(id: AccountID, sealed: [UInt8], scheme: String? = nil) {
        self.id = id
        self.sealed = sealed
        self.scheme = scheme
    }
}
