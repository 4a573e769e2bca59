// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// Random bytes for keys, ids, nonces and salts.
package enum SecureRandom {
    /// Returns `count` random bytes.
    ///
    /// The C function is `RAND_bytes`.
    ///
    /// A process that can get no random bytes must not go on, so a failure ends it.
    package static func bytes(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            precondition(unsafe RAND_bytes(output.baseAddress, Int32(count)) == 1, "no random bytes")
            filled = count
        }
    }
}
