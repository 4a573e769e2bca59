// SPDX-License-Identifier: Apache-2.0

/// Percent-encoded bytes (RFC 3986 §2.1).
enum PercentEncoding {
    /// Returns the byte that the escape at `index` stands for, or `nil` if it is not `%` and two hexadecimal digits in `range`.
    static func byte(_ bytes: Span<UInt8>, at index: Int, in range: Range<Int>) -> UInt8? {
        guard index + 2 < range.upperBound, bytes[index] == UInt8(ascii: "%"),
            let high = bytes[index + 1].hexadecimalValue, let low = bytes[index + 2].hexadecimalValue
        else { return nil }
        return high << 4 | low
    }

    /// Returns the bytes of `range` with each escape replaced by its byte, once; escapes that are none stay as they are.
    static func decoded(_ bytes: Span<UInt8>, in range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if let byte = byte(bytes, at: index, in: range) {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
