// SPDX-License-Identifier: Apache-2.0

/// Why a certificate and its key cannot be served.
package enum TLSConfigurationError: Error, Equatable, Sendable {
    // Theirs: the certificate.

    /// The text holds no PEM block with a certificate.
    case noCertificate
    /// A PEM block is no certificate, or is cut off.
    case malformedCertificate
    /// A certificate of the chain is signed with SHA-1 or MD5, or its key gives less than 112 bits of security.
    case weakCertificate

    // Theirs: the key.

    /// The text holds no PEM block with a private key.
    case noKey
    /// A PEM block is no private key, or is cut off.
    case malformedKey
    /// The key is encrypted, and there is nobody to ask for its passphrase.
    case encryptedKey
    /// The key is neither RSA, nor on P-256, P-384 or P-521, nor Ed25519 or Ed448.
    case unsupportedKey
    /// An RSA key has under 2,048 bits, or one on a curve under 256.
    case weakKey(bits: Int)
    /// The key is not that of the first certificate.
    case keyMismatch

    // The world's: libssl itself failed.

    /// libssl failed; `code` is the first of its error queue, 0 if it gave none.
    case library(code: UInt)
}
