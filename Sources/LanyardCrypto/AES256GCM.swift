// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto
package import LanyardBase

/// Authenticated encryption with AES-256-GCM (NIST SP 800-38D) under one key.
///
/// A sealed box is nonce (12 bytes, random) ‖ ciphertext (as long as the plaintext) ‖ tag (16 bytes). Random nonces are
/// sound for 2^32 boxes under one key (SP 800-38D §8.3), far more than a store holds.
package struct AES256GCM: Sendable {
    /// The length of a key, in bytes.
    package static let keyByteCount = 32
    /// What a box is longer than its plaintext, in bytes.
    package static let overheadByteCount = nonceByteCount + tagByteCount

    private static let nonceByteCount = 12
    private static let tagByteCount = 16

    private let key: Secret<[UInt8]>

    /// Creates a cipher under `key`, 32 random bytes.
    package init(key: Secret<[UInt8]>) {
        precondition(key.reveal().count == Self.keyByteCount, "an AES-256 key has 32 bytes")
        self.key = key
    }

    /// Seals `plaintext`, and binds it to `context`, which is not part of the box.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func seal(_ plaintext: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
        let nonce = SecureRandom.bytes(Self.nonceByteCount)
        let cipher = try CipherContext()
        try cipher.start(.encrypt, key: key, nonce: nonce)
        try cipher.authenticate(context)
        let ciphertext = try cipher.process(plaintext)
        guard cipher.finish() else { throw .lastLibraryError() }
        return try nonce + ciphertext + cipher.tag(byteCount: Self.tagByteCount)
    }

    /// Opens a box that was sealed under the same key and bound to the same context.
    ///
    /// - Throws: ``CryptoError/brokenSeal`` if it was not.
    package func open(_ box: [UInt8], context: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard box.count >= Self.overheadByteCount else { throw .brokenSeal }
        let cipher = try CipherContext()
        try cipher.start(.decrypt, key: key, nonce: Array(box.prefix(Self.nonceByteCount)))
        try cipher.authenticate(context)
        let plaintext = try cipher.process(Array(box.dropFirst(Self.nonceByteCount).dropLast(Self.tagByteCount)))
        try cipher.expectTag(Array(box.suffix(Self.tagByteCount)))
        guard cipher.finish() else {
            ERR_clear_error()
            throw .brokenSeal
        }
        return plaintext
    }
}
