// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// Makes signatures with one key, as fast as libcrypto can, on one thread at a time.
///
/// Threads that share a key count its references in one place and wait for one lock around the blinding of RSA; so each
/// has its own signer, with a copy of the key.
package final class Signer {
    /// The one algorithm of the key.
    package let algorithm: SigningAlgorithm

    private let prepared: DigestContext
    private let working: DigestContext
    private let limitBytes: Int

    /// Creates a signer with a copy of `key`.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package convenience init(_ key: PrivateKey) throws(CryptoError) {
        try self.init(sharing: key.handle.duplicate())
    }

    init(sharing handle: KeyHandle) throws(CryptoError) {
        algorithm = handle.algorithm
        limitBytes = handle.signatureLimitBytes
        prepared = try DigestContext()
        working = try DigestContext()
        try prepared.startSigning(with: handle)
    }

    /// Returns the signature of `message`: as long as the modulus for RSA, 64 bytes for the others.
    ///
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try working.copy(prepared)
        let signature = try working.sign(message, atMost: limitBytes)
        guard algorithm == .es256 else { return signature }
        guard let joined = ECDSASignature.joined(derEncoded: signature) else { throw .lastLibraryError() }
        return joined
    }
}
