// SPDX-License-Identifier: Apache-2.0

extension Sequence<UInt8> {
    /// The bytes as lower-case hexadecimal, two digits each, without separators.
    package var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(underestimatedCount * 2)
        for byte in self {
            digits.append(hexadecimalDigit(byte >> 4))
            digits.append(hexadecimalDigit(byte & 0x0F))
        }
        return String(decoding: digits, as: Unicode.ASCII.self)
    }
}

private func hexadecimalDigit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
}
