// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a store holds about itself: its keys and secrets, all sealed by the master key.
package struct Foundation: Equatable, Sendable {
    /// Whether the store was made by `serve --dev`.
    package var isDevelopment: Bool
    /// The longest access lifetime that any replica has used.
    package var longestAccessLifetime: Duration
    /// Signing keys, oldest first.
    package var keys: [KeyRecord]
    /// Secrets, oldest first.
    package var secrets: [SecretRecord]
    /// Whether this call founded the store.
    package var isNew: Bool

    /// Creates a foundation.
    package init(
        isDevelopment: Bool, longestAccessLifetime: Duration, keys: [KeyRecord], secrets: [SecretRecord], isNew: Bool
    ) {
        self.isDevelopment = isDevelopment
        self.longestAccessLifetime = longestAccessLifetime
        self.keys = keys
        self.secrets = secrets
        self.isNew = isNew
    }
}

/// What an empty store is given.
package struct Founding: Equatable, Sendable {
    /// Whether the store is made by `serve --dev`.
    package var isDevelopment: Bool
    /// The first signing keys.
    package var keys: [KeyRecord]
    /// The first secrets.
    package var secrets: [SecretRecord]

    /// Creates a founding.
    package init(isDevelopment: Bool, keys: [KeyRecord], secrets: [SecretRecord]) {
        self.isDevelopment = isDevelopment
        self.keys = keys
        self.secrets = secrets
    }
}

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
    package var kid: String
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
    /// When the key made its last signature, or `nil`.
    package var retiredAt: UnixTime?
    /// When the key left, or leaves, the key set, or `nil`.
    package var goneAt: UnixTime?

    /// Creates a key that has never been retired.
    package init(
        kid: String, algorithm: String, state: State, publicKey: [UInt8], sealedPrivateKey: [UInt8]?,
        createdAt: UnixTime, signsFrom: UnixTime
    ) {
        self.kid = kid
        self.algorithm = algorithm
        self.state = state
        self.publicKey = publicKey
        self.sealedPrivateKey = sealedPrivateKey
        self.createdAt = createdAt
        self.signsFrom = signsFrom
        retiredAt = nil
        goneAt = nil
    }
}

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
    package var id: String
    /// What the secret is for.
    package var purpose: Purpose
    /// The sealed bytes.
    package var sealed: [UInt8]
    /// When the secret was made.
    package var createdAt: UnixTime

    /// Creates a record.
    package init(id: String, purpose: Purpose, sealed: [UInt8], createdAt: UnixTime) {
        self.id = id
        self.purpose = purpose
        self.sealed = sealed
        self.createdAt = createdAt
    }
}
