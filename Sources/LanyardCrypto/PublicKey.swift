// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// A public key that checks signatures of one algorithm: the key picks the algorithm, never the token (RFC 8725 §3.1).
package struct PublicKey: Sendable {
    let handle: KeyHandle
    private let check: SignatureCheck

    /// The one algorithm of the key.
    package var algorithm: SigningAlgorithm { handle.algorithm }

    init(handle: KeyHandle) throws(CryptoError) {
        self.handle = handle
        check = try SignatureCheck(with: handle)
    }

    /// Creates a key from its DER bytes.
    ///
    /// - Parameters:
    ///   - der: One SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) and nothing after it.
    ///   - algorithm: What the key is used with.
    /// - Throws: ``CryptoError/malformedKey`` if `der` is anything else; ``CryptoError/weakKey(bits:)``.
    package init(subjectPublicKeyInfo der: [UInt8], algorithm: SigningAlgorithm) throws(CryptoError) {
        let (parsed, isWhole) = unsafe der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            let parsed = unsafe d2i_PUBKEY(nil, &cursor, bytes.count)
            return unsafe (parsed, cursor == bytes.baseAddress.map { unsafe $0 + bytes.count })
        }
        let handle = try unsafe KeyHandle(takingOwnershipOf: parsed, algorithm: algorithm)
        guard isWhole else { throw .malformedKey }
        try self.init(handle: handle)
    }

    /// The key as DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    package var subjectPublicKeyInfo: [UInt8] {
        get throws(CryptoError) { try handle.subjectPublicKeyInfo() }
    }

    /// Returns whether `signature` is this key's signature of `message`.
    ///
    /// A signature that does not match, of whatever length, is an answer; ``CryptoError/library(code:)`` is thrown only
    /// if libcrypto itself fails. The C function is `EVP_DigestVerify`.
    package func isValidSignature(_ signature: [UInt8], for message: [UInt8]) throws(CryptoError) -> Bool {
        try check.isValid(signature, for: message)
    }
}
