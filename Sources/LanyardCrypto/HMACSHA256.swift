// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto
package import LanyardBase

/// HMAC with SHA-256 (RFC 2104) under one key.
package struct HMACSHA256: Sendable {
    private let key: Secret<[UInt8]>

    /// Creates a MAC under `key`, which should be 32 random bytes.
    package init(key: Secret<[UInt8]>) {
        self.key = key
    }

    /// Returns the MAC of `message`, 32 bytes.
    ///
    /// The C function is `HMAC`.
    package func authenticationCode(for message: [UInt8]) -> [UInt8] {
        let key = key.reveal()
        return unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { output, count in
            var length: UInt32 = 0
            let result = unsafe HMAC(
                EVP_sha256(), key, Int32(key.count), message, message.count, output.baseAddress, &length)
            precondition(unsafe result != nil && length == 32, "HMAC-SHA-256 has no way to fail but want of memory")
            count = Int(length)
        }
    }
}
