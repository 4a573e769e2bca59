// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A secret of the service as it is stored.
package struct SecretRecord: Equatable, Sendable {
    /// What a secret is for.
    package enum Purpose: String, Sendable {
        /// Makes and checks the MAC of refresh tokens.
        case refresh
        /// Seals the stored password hashes.
        case password
    }

    /// A random name, bound into the seal.
    package var id: KeyID
    /// What the secret is for.
    package var purpose: Purpose
    /// The sealed bytes.
    package var sealed: [UInt8]
    /// When the secret was made.
    package var createdAt: UnixTime

    /// Creates a record.
    package init(id: KeyID, purpose: Purpose, sealed: [UInt8], createdAt: UnixTime) {
        self.id = id
        self.purpose = purpose
        self.sealed = sealed
        self.createdAt = createdAt
    }
}
