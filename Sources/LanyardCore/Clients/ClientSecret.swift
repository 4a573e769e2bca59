// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto

/// The secret of a service client.
///
/// It is made here and by nobody else: 256 random bits. To guess one from its hash is as hard as to guess the hash, so a fast
/// hash is enough where a password needs a slow one (ASVS 6.5.2), and a service can ask often.
enum ClientSecret {
    /// Makes a secret, 43 characters of base64url.
    static func make() -> Secret<String> { Secret(Base64URL.encode(SecureRandom.bytes(32))) }

    /// Returns what is stored of a secret, and compared with.
    static func hash(_ secret: String) -> [UInt8] { SHA256.digest(Array(secret.utf8)) }
}
