// SPDX-License-Identifier: Apache-2.0

/// The points of small order on edwards25519, of which no key pair has one (RFC 8032 §5.1.5).
///
/// With one of them as key, signatures can be made for any message without a private key: `[S]B = R + [k]A` holds for
/// `S = 0` and `R = -[k]A`, which is one of eight points.
enum SmallOrder {
    /// Returns whether `key`, as RFC 8032 §5.1.2 writes points, is of an order that divides 8.
    static func contains(_ key: [UInt8]) -> Bool {
        guard let last = key.last else { return false }
        return points.contains(key.dropLast() + [last & 0x7F])  // The highest bit is the sign of x.
    }

    /// The y of the eight points, little-endian, and those of them that can be written with p added too.
    private static let points: [[UInt8]] = [
        [0x00] + repeated(0x00, before: 0x00),
        [0x01] + repeated(0x00, before: 0x00),
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
        [0xEC] + repeated(0xFF, before: 0x7F),
        [0xED] + repeated(0xFF, before: 0x7F),
        [0xEE] + repeated(0xFF, before: 0x7F),
    ]

    private static func repeated(_ byte: UInt8, before last: UInt8) -> [UInt8] {
        [UInt8](repeating: byte, count: 30) + [last]
    }
}
