// SPDX-License-Identifier: Apache-2.0

/// The line before a chunk, byte by byte: `chunk-size [ chunk-ext ] CRLF` (RFC 9112 §7.1).
struct ChunkHeader {
    private enum Place {
        case size, beforeSemicolon, beforeName, name, afterName, beforeValue, value, quoted, quotedPair, afterQuoted
        case lineFeed
    }

    /// The number of data bytes that follow, once the line is whole.
    private(set) var size: UInt32 = 0
    /// The bytes of extensions seen, `;` and blanks included.
    private(set) var extensionBytes = 0
    private var digits = 0
    private var place = Place.size

    /// Takes the next byte of the line and returns whether it was the last.
    ///
    /// Extensions are checked by their grammar and forgotten (RFC 9112 §7.1.1). A bare LF never ends the line, though it may end
    /// others (RFC 9112 §2.2, erratum 7633): proxies that disagreed about it could be made to see another request.
    mutating func take(_ byte: UInt8) throws(RequestError) -> Bool {
        if place == .lineFeed {
            guard byte == .lineFeed else { throw .malformed(.chunk) }
            return true
        }
        if place == .size, let digit = byte.hexadecimalValue {
            guard digits < Self.maximumDigits else { throw .malformed(.chunk) }
            digits += 1
            size = size << 4 | UInt32(digit)
            return false
        }
        guard digits > 0, let next = place(after: byte) else { throw .malformed(.chunk) }
        place = next
        if next != .lineFeed { extensionBytes += 1 }
        return false
    }

    /// Returns where the line goes on after `byte`: `*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )`.
    private func place(after byte: UInt8) -> Place? {
        switch place {
        case .size:
            return Self.afterElement(byte)
        case .beforeSemicolon:
            return byte.isBlank ? .beforeSemicolon : byte == UInt8(ascii: ";") ? .beforeName : nil
        case .beforeName:
            return byte.isBlank ? .beforeName : CharacterClass.token.contains(byte) ? .name : nil
        case .name:
            if CharacterClass.token.contains(byte) { return .name }
            if byte.isBlank { return .afterName }
            return byte == UInt8(ascii: "=") ? .beforeValue : Self.afterElement(byte)
        case .afterName:
            if byte.isBlank { return .afterName }
            return byte == UInt8(ascii: "=") ? .beforeValue : byte == UInt8(ascii: ";") ? .beforeName : nil
        case .beforeValue:
            if byte.isBlank { return .beforeValue }
            return byte == UInt8(ascii: "\"") ? .quoted : CharacterClass.token.contains(byte) ? .value : nil
        case .value:
            return CharacterClass.token.contains(byte) ? .value : Self.afterElement(byte)
        case .quoted:
            if byte == UInt8(ascii: "\"") { return .afterQuoted }
            return byte == UInt8(ascii: "\\") ? .quotedPair : byte.isForbiddenInLine ? nil : .quoted
        case .quotedPair:
            return byte.isForbiddenInLine ? nil : .quoted
        case .afterQuoted:
            return Self.afterElement(byte)
        case .lineFeed:
            return nil
        }
    }

    private static func afterElement(_ byte: UInt8) -> Place? {
        switch byte {
        case .carriageReturn: .lineFeed
        case .space, .tab: .beforeSemicolon
        case UInt8(ascii: ";"): .beforeName
        default: nil
        }
    }

    /// A chunk of 4 GiB is above every limit; so many digits cannot overflow.
    private static let maximumDigits = 8
}
