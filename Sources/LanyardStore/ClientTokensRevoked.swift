// SPDX-License-Identifier: Apache-2.0

/// What became of the revocation of a service client's tokens.
package enum ClientTokensRevoked: Equatable, Sendable {
    /// The tokens are revoked now; future ones will have a new index.
    case revoked
    /// The tokens with this index were revoked before.
    case revokedBefore
    /// No client has this id.
    case unknown
}
