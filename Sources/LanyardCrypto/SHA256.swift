// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The length of a digest, in bytes.
    package static let byteCount = 32

    /// Returns the digest of `message`, 32 bytes.
    ///
    /// The C function is `SHA256`.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            _ = unsafe CLibcrypto.SHA256(message, message.count, output.baseAddress)
            count = byteCount
        }
    }
}
