// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A signing key as it is stored.
package struct KeyRecord: Equatable, Sendable {
    /// Where a key is in its life.
    package enum State: String, Sendable {
        /// Published, not signing yet.
        case next
        /// Signs.
        case active
        /// Published, private half destroyed.
        case retired
    }

    /// The RFC 7638 thumbprint.
    package var kid: KeyID
    /// The JWS name of the one algorithm the key is used with.
    package var algorithm: String
    /// Where the key is in its life.
    package var state: State
    /// The public half: DER SubjectPublicKeyInfo.
    package var publicKey: [UInt8]
    /// The sealed private half: PKCS#8 DER; `nil` once retired.
    package var sealedPrivateKey: [UInt8]?
    /// When the key was made.
    package var createdAt: UnixTime
    /// When the key signs, or began to.
    package var signsFrom: UnixTime
    /// How long every replica must have published the key before one signs with it.
    package var lead: Duration
    /// When the key made its last signature, or `nil`.
    package var retiredAt: UnixTime?
    /// When the key is to leave the key set; `nil` while that is not known.
    ///
    /// Of a key that still signs: it was revoked, and leaves when its successor signs.
    package var goneAt: UnixTime?
    /// When the key left the key set, or `nil`.
    ///
    /// The public half stays as long as a session can have a token that the key signed.
    package var leftAt: UnixTime?
    /// When the key was revoked, or `nil`; nothing that it signed is accepted once it has left.
    package var revokedAt: UnixTime?

    /// Creates a key that has never been retired.
    package init(
        kid: KeyID, algorithm: String, state: State, publicKey: [UInt8], sealedPrivateKey: [UInt8]?,
        createdAt: UnixTime, signsFrom: UnixTime, lead: Duration = .zero
    ) {
        self.kid = kid
        self.algorithm = algorithm
        self.state = state
        self.publicKey = publicKey
        self.sealedPrivateKey = sealedPrivateKey
        self.createdAt = createdAt
        self.signsFrom = signsFrom
        self.lead = lead
        retiredAt = nil
        goneAt = nil
        leftAt = nil
        revokedAt = nil
    }
}
