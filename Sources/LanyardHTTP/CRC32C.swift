// SPDX-License-Identifier: Apache-2.0

/// The checksum of RFC 9260 appendix A, bit by bit: it is taken over a few hundred bytes once a connection.
struct CRC32C {
    private var remainder = UInt32.max

    /// Takes in the next byte.
    mutating func update(_ byte: UInt8) {
        remainder ^= UInt32(byte)
        for _ in 0..<8 {
            // The polynomial 0x1EDC6F41, its bits mirrored.
            remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
        }
    }

    /// The checksum of the bytes so far.
    var value: UInt32 { ~remainder }
}
