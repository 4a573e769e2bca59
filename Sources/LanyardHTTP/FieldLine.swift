// SPDX-License-Identifier: Apache-2.0

/// Where the name and the value of a field line lie (RFC 9112 §5).
struct FieldLine {
    let name: Range<Int>
    /// The value without the blanks around it; may be empty.
    let value: Range<Int>

    /// Reads the field line that `line` of `bytes` holds, without its CRLF and free of control characters but HTAB.
    ///
    /// Returns `nil` unless the name is a token with the colon right behind it: a blank before the colon is how a field is hidden
    /// from a proxy (RFC 9112 §5.1), and a line that begins with a blank continues the one before it (§5.2). Neither is a name.
    init?(_ bytes: Span<UInt8>, line: Range<Int>) {
        let text = bytes.extracting(line)
        var length = 0
        while length < text.count, CharacterClass.token.contains(text[length]) { length &+= 1 }
        guard length > 0, length < text.count, text[length] == UInt8(ascii: ":") else { return nil }
        let colon = line.lowerBound + length
        name = line.lowerBound..<colon
        value = bytes.trimmed(colon + 1..<line.upperBound)
    }
}
