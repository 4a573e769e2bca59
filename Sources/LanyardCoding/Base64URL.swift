// SPDX-License-Identifier: Apache-2.0

/// The encoding of bytes as text that JOSE uses everywhere: base64url without padding (RFC 4648 §5, RFC 7515 §2).
///
/// Strict and canonical: each byte string has exactly one encoding, and everything else is refused. With a lax reader one
/// signed token could be written in many ways (RFC 4648 §3.5 and §12).
package enum Base64URL {
    /// Returns the encoding of `bytes`: four characters for three bytes, two or three for the rest.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the encoding of `bytes` to `text` as ASCII.
    package static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count * 4 + 2) / 3)
        let alphabet = alphabet
        let symbols = alphabet.span
        let whole = bytes.count / 3 * 3
        var index = 0
        while index < whole {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text.append(symbols[Int(group >> 18)])
            text.append(symbols[Int(group >> 12 & 0x3F)])
            text.append(symbols[Int(group >> 6 & 0x3F)])
            text.append(symbols[Int(group & 0x3F)])
            index += 3
        }
        switch bytes.count - whole {
        case 1:
            text.append(symbols[Int(bytes[index] >> 2)])
            text.append(symbols[Int(bytes[index] << 4 & 0x3F)])
        case 2:
            let group = UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
            text.append(symbols[Int(group >> 10)])
            text.append(symbols[Int(group >> 4 & 0x3F)])
            text.append(symbols[Int(group << 2 & 0x3F)])
        default:
            break
        }
    }

    /// Returns the bytes that `text` encodes; none for the empty text.
    package static func decode(_ text: String) throws(Base64URLError) -> [UInt8] {
        try decode(Array(text.utf8))
    }

    /// Returns the bytes that `text`, ASCII, encodes; none for the empty text.
    package static func decode(_ text: [UInt8]) throws(Base64URLError) -> [UInt8] {
        try decode(text.span)
    }

    /// Returns the bytes that `text`, ASCII, encodes; none for the empty text.
    package static func decode(_ text: Span<UInt8>) throws(Base64URLError) -> [UInt8] {
        let rest = text.count & 3
        guard rest != 1 else { throw .impossibleLength(count: text.count) }
        let whole = text.count - rest
        var bytes = [UInt8](repeating: 0, count: whole / 4 * 3 + (rest == 0 ? 0 : rest - 1))
        let isText = decodeGroups(text.extracting(first: whole), into: &bytes)
        guard isText else { throw .invalidCharacter(offset: firstInvalidOffset(in: text)) }
        guard rest > 0 else { return bytes }

        let values = sextets
        var group: UInt32 = 0
        for index in whole..<text.count {
            let sextet = values[Int(text[index])]
            guard sextet != invalid else { throw .invalidCharacter(offset: index) }
            group = group << 6 | UInt32(sextet)
        }
        // Two characters carry 8 + 4 bits, three carry 16 + 2; RFC 4648 §3.5: what is over must be zero.
        let surplus = rest == 2 ? 4 : 2
        guard group & (1 << surplus - 1) == 0 else { throw .trailingBits }
        group >>= surplus
        let last = bytes.count - 1
        bytes[last] = UInt8(truncatingIfNeeded: group)
        if rest == 3 { bytes[last - 1] = UInt8(truncatingIfNeeded: group >> 8) }
        return bytes
    }

    /// Decodes whole groups of four characters and returns whether all of them are in the alphabet.
    ///
    /// Validity is gathered without a branch: what is no character has bit 7 in the table.
    private static func decodeGroups(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> Bool {
        let values = sextets
        let table = values.span
        var output = bytes.mutableSpan
        var seen: UInt8 = 0
        var target = 0
        for source in stride(from: 0, to: text.count, by: 4) {
            let first = table[Int(text[source])]
            let second = table[Int(text[source + 1])]
            let third = table[Int(text[source + 2])]
            let fourth = table[Int(text[source + 3])]
            seen |= first | second | third | fourth
            output[target] = first << 2 | second >> 4
            output[target + 1] = second << 4 | third >> 2
            output[target + 2] = third << 6 | fourth
            target += 3
        }
        return seen & 0x80 == 0
    }

    private static func firstInvalidOffset(in text: Span<UInt8>) -> Int {
        let values = sextets
        return text.indices.first { values[Int(text[$0])] == invalid } ?? text.count
    }

    private static let invalid: UInt8 = 0xFF

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each character, by its byte; 0xFF for what is no character.
    private static let sextets: [UInt8] = (0...0xFF).map { byte in
        alphabet.firstIndex(of: byte).map { UInt8($0) } ?? invalid
    }
}
