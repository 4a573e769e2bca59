// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

extension JSONReader {
    /// Returns the string whose opening quote is the next byte (RFC 8259 §7).
    mutating func readString() throws(JSONError) -> String {
        let start = offset + 1
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard index - start <= limits.maximumStringBytes else { throw JSONError(.stringTooLong, at: start - 1) }
                offset = index + 1
                return text(start, upTo: index)
            case UInt8(ascii: "\\"):
                return try readEscapedString(from: start, plainUntil: index)
            case 0x00..<0x20:
                throw JSONError(.controlCharacter, at: index)
            default:
                index += 1
            }
        }
        throw JSONError(.unexpectedEnd, at: bytes.count)
    }

    /// Goes on with a string in which a backslash was found.
    private mutating func readEscapedString(from start: Int, plainUntil end: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<end])
        defer { wipe(&text) }  // It may be a password.
        offset = end
        while true {
            guard text.count <= limits.maximumStringBytes else { throw JSONError(.stringTooLong, at: start - 1) }
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: try readEscape().utf8)
            case 0x00..<0x20:
                throw JSONError(.controlCharacter, at: offset)
            default:
                text.append(byte)
                offset += 1
            }
        }
    }

    private mutating func readEscape() throws(JSONError) -> Unicode.Scalar {
        let start = offset
        offset += 1
        let letter = try peek()
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try readUnicodeEscape(at: start)
        default: throw JSONError(.invalidEscape, at: start)
        }
    }

    /// Reads the four digits after `\u`, and the low half of a pair after a high half.
    private mutating func readUnicodeEscape(at start: Int) throws(JSONError) -> Unicode.Scalar {
        let unit = try readCodeUnit(ofEscapeAt: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let second = offset
        guard unit < 0xDC00, try peek() == UInt8(ascii: "\\") else { throw JSONError(.loneSurrogate, at: start) }
        offset += 1
        guard try peek() == UInt8(ascii: "u") else { throw JSONError(.loneSurrogate, at: start) }
        offset += 1
        let low = try readCodeUnit(ofEscapeAt: second)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSONError(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func readCodeUnit(ofEscapeAt start: Int) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexadecimalValue(try peek()) else { throw JSONError(.invalidEscape, at: start) }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }
}
