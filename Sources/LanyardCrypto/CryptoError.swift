// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// Why a key, a seal or an operation was refused.
package enum CryptoError: Error, Equatable, Sendable {
    // Theirs: bytes that are not what they should be.

    /// The bytes are not a key of the algorithm asked for, or something follows it.
    case malformedKey
    /// The bytes are a key, but of a type or on a curve that no algorithm of ours uses.
    case unsupportedKey
    /// The key is shorter than the algorithm allows (RFC 7518 §3.3), or longer than 8192 bits.
    case weakKey(bits: Int)
    /// The public exponent of an RSA key is even, less than 65537, or longer than 64 bits.
    case weakExponent
    /// The sealed bytes were changed, belong to another row, or were sealed by another key.
    case brokenSeal

    // The world's: libcrypto itself failed.

    /// libcrypto failed; `code` is the first of its error queue, 0 if it gave none.
    case library(code: UInt)

    /// Takes the first error of this thread's queue, and clears the queue so that the next caller does not find it.
    static func lastLibraryError() -> Self {
        let code = ERR_get_error()
        ERR_clear_error()
        return .library(code: code)
    }
}
