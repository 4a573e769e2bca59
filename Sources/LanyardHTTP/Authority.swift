// SPDX-License-Identifier: Apache-2.0

/// Where host and port of an authority lie: `uri-host [":" port]`, without user information (RFC 9110 §4.2.4, RFC 3986 §3.2).
struct Authority {
    /// The host; an IP literal without its brackets.
    let host: ByteRange
    /// Whether the host is an IPv6 address in brackets.
    let isLiteral: Bool
    /// The port, 0 to 65,535, or `nil` if none is given.
    let port: UInt16?

    /// Reads the authority that fills `range` of `bytes`, or returns `nil` if it is none.
    init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
        guard let first = range.first else { return nil }
        var end = first
        if bytes[first] == UInt8(ascii: "[") {
            guard let closing = bytes.firstOffset(of: UInt8(ascii: "]"), in: range),
                Self.isIPv6Address(bytes, in: first + 1..<closing)
            else { return nil }
            host = ByteRange(first + 1..<closing)
            isLiteral = true
            end = closing + 1
        } else {
            while end < range.upperBound, bytes[end] != UInt8(ascii: ":") {
                if bytes[end] == UInt8(ascii: "%") {
                    guard PercentEncoding.byte(bytes, at: end, in: range) != nil else { return nil }
                } else if !CharacterClass.registeredName.contains(bytes[end]) {
                    return nil
                }
                end &+= 1
            }
            guard end > first else { return nil }
            host = ByteRange(first..<end)
            isLiteral = false
        }
        guard end < range.upperBound else {
            port = nil
            return
        }
        guard bytes[end] == UInt8(ascii: ":") else { return nil }
        // RFC 3986 §3.2.3: the port may be empty, and is then the default.
        guard end + 1 < range.upperBound else {
            port = nil
            return
        }
        guard let number = Self.port(bytes, in: end + 1..<range.upperBound) else { return nil }
        port = number
    }

    private static func port(_ bytes: Span<UInt8>, in range: Range<Int>) -> UInt16? {
        guard range.count <= 5 else { return nil }
        var number: UInt32 = 0
        for index in range {
            guard bytes[index].isDigit else { return nil }
            number = number * 10 + UInt32(bytes[index] - 0x30)
        }
        return UInt16(exactly: number)
    }

    /// Whether `range` of `bytes` is an `IPv6address` (RFC 3986 §3.2.2): eight groups, or fewer around one `::`.
    private static func isIPv6Address(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        var groups = 0
        var isCompressed = false
        var index = range.lowerBound
        if bytes.starts("::", at: index, in: range) {
            isCompressed = true
            index += 2
        }
        while index < range.upperBound {
            let start = index
            while index < range.upperBound, bytes[index].hexadecimalValue != nil { index += 1 }
            if index < range.upperBound, bytes[index] == UInt8(ascii: ".") {
                guard isIPv4Address(bytes, in: start..<range.upperBound) else { return false }
                groups += 2
                return isCompressed ? groups <= 7 : groups == 8
            }
            guard (1...4).contains(index - start) else { return false }
            groups += 1
            if index == range.upperBound { break }
            if bytes.starts("::", at: index, in: range) {
                guard !isCompressed else { return false }
                isCompressed = true
                index += 2
            } else {
                guard bytes[index] == UInt8(ascii: ":"), index + 1 < range.upperBound else { return false }
                index += 1
            }
        }
        return isCompressed ? groups <= 7 : groups == 8
    }

    private static func isIPv4Address(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
        var parts = 0
        var index = range.lowerBound
        while true {
            let start = index
            var number = 0
            while index < range.upperBound, bytes[index].isDigit, index - start < 3 {
                number = number * 10 + Int(bytes[index] - 0x30)
                index += 1
            }
            let digits = index - start
            guard digits > 0, number <= 255, digits == 1 || bytes[start] != UInt8(ascii: "0") else { return false }
            parts += 1
            if index == range.upperBound { return parts == 4 }
            guard bytes[index] == UInt8(ascii: ".") else { return false }
            index += 1
        }
    }
}

extension Span<UInt8> {
    fileprivate func starts(_ text: String, at index: Int, in range: Range<Int>) -> Bool {
        let end = index + text.utf8.count
        return end <= range.upperBound && equals(text, in: index..<end)
    }
}
