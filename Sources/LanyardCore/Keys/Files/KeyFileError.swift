// SPDX-License-Identifier: Apache-2.0

package import LanyardCrypto

/// Why a file gives no signing key, as far as whoever brought it can do something about it.
package enum KeyFileError: Error, Equatable, Sendable {
    // What is in the file.

    /// The file has more than `limitBytes` bytes.
    case tooLarge(limitBytes: Int)
    /// There is no key in the file: it is neither PEM nor a JWK.
    case noKey
    /// The private key is encrypted: it has to be decrypted before.
    case encrypted
    /// There is a public key or a certificate, and no private key.
    case publicOnly
    /// There is more than one private key.
    case severalKeys
    /// It is a JWK Set (RFC 7517 §5): one JWK is asked for.
    case keySet

    // What the key is.

    /// It is a symmetric key, which whoever checks signatures could sign with too.
    case symmetric
    /// It is a key of another type, on another curve, in another form, or with more primes than two.
    case unsupported
    /// It is an RSA key under 2048 bits (RFC 7518 §3.3).
    case weak(bits: Int)
    /// It is an RSA key over 8192 bits.
    case tooLong(bits: Int)
    /// It is an RSA key whose public exponent is even, less than 65537, or longer than 64 bits.
    case weakExponent
    /// The file is cut off or changed, or the numbers of the key do not belong together.
    case damaged

    // What a JWK says of the key.

    /// A member that a private key needs is missing (RFC 7518 §6.3.2: all but `d` may be left out, or none).
    case missingMember(name: String)
    /// `use` or `key_ops` does not allow signatures to be made (RFC 7517 §4.2, §4.3).
    case notForSigning
    /// `alg` is none of ours, or not one for keys of this type.
    case wrongAlgorithm

    // Ours, or the world's.

    /// libcrypto itself failed.
    case failed(CryptoError)

    init(_ error: CryptoError) {
        switch error {
        case .malformedKey: self = .damaged
        case .unsupportedKey: self = .unsupported
        case .weakKey(let bits): self = bits < 2_048 ? .weak(bits: bits) : .tooLong(bits: bits)
        case .weakExponent: self = .weakExponent
        case .brokenSeal, .library: self = .failed(error)
        }
    }
}
