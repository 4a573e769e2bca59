// SPDX-License-Identifier: Apache-2.0

/// The server's name for one request: a UUID of version 4 (RFC 9562 §5.4) in the form that `X-Request-Id` carries.
package struct RequestID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// Creates an id from 128 bits; the version and variant bits are set here.
    package init(high: UInt64, low: UInt64) {
        self.high = high & ~0xF000 | 0x4000
        self.low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// Writes the 36 characters of the id.
    package func write(to output: inout [UInt8]) {
        output.append(addingCapacity: 36) { output in
            for shift in stride(from: UInt64(60), through: 0, by: -4) {
                if shift == 28 || shift == 12 { output.append(UInt8(ascii: "-")) }
                output.append(digit(high &>> shift))
            }
            for shift in stride(from: UInt64(60), through: 0, by: -4) {
                if shift == 60 || shift == 44 { output.append(UInt8(ascii: "-")) }
                output.append(digit(low &>> shift))
            }
        }
    }

    /// The 36 characters: `xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`, in lower case.
    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        write(to: &text)
        return String(decoding: text, as: Unicode.ASCII.self)
    }

    /// The last four bits of `bits` as a hexadecimal digit.
    @inline(__always)
    private func digit(_ bits: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: bits) & 0x0F
        return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
    }
}
