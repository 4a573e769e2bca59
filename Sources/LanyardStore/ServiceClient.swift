// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A service that gets tokens for itself, in nobody's name.
package struct ServiceClient: Equatable, Sendable {
    /// The `client_id`, and the `sub` of its tokens: 1 to 64 of `A-Za-z0-9._:-`, and no account's id.
    package var id: ClientID
    /// SHA-256 of the secret, 32 bytes.
    package var secretHash: [UInt8]
    /// The roles, 1 to 64 of `A-Za-z0-9._:-` each, without repetition, in the order given.
    package var roles: Roles
    /// When the client was added.
    package var createdAt: UnixTime
    /// The status index of the client's tokens; `nil` until its first token, and after a revocation until the next one.
    package var status: StatusIndex?
    /// When the client's tokens were last revoked, or `nil`.
    package var tokensRevokedAt: UnixTime?

    /// Creates a client that has got no token yet.
    package init(id: ClientID, secretHash: [UInt8], roles: Roles, createdAt: UnixTime) {
        self.id = id
        self.secretHash = secretHash
        self.roles = roles
        self.createdAt = createdAt
    }
}
