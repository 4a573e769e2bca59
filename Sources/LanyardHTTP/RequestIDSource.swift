// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// Names for the requests of one loop: unpredictable to others, no two equal, and a few nanoseconds each.
struct RequestIDSource {
    private let prefix: UInt64
    private let offset: UInt64
    private var counter: UInt64 = 0

    /// Draws the random part from the system, once.
    init() {
        var random: (UInt64, UInt64) = (0, 0)
        let drawn = unsafe withUnsafeMutableBytes(of: &random) { unsafe getrandom($0.baseAddress, $0.count, 0) }
        // getrandom(2): up to 256 bytes are given whole once the pool is ready, which it blocks for.
        precondition(drawn == 16, "the system has no random source")
        (prefix, offset) = random
    }

    /// Returns the next name.
    mutating func next() -> RequestID {
        counter &+= 1
        // Each step is a bijection of 62 bits, the number that RFC 9562 leaves free in the second half.
        var low = (counter &* 0x9E37_79B9_7F4A_7C15 &+ offset) & Self.mask
        low ^= low >> 31
        low = low &* 0xBF58_476D_1CE4_E5B9 & Self.mask
        low ^= low >> 31
        return RequestID(high: prefix, low: low)
    }

    private static let mask: UInt64 = 0x3FFF_FFFF_FFFF_FFFF
}
