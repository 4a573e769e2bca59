// SPDX-License-Identifier: Apache-2.0

/// A text that is the name of something, compared as the bytes of its UTF-8.
///
/// Swift's `String` compares by canonical equivalence, so that `é` written in two ways is equal. Identifiers are compared
/// code point by code point (RFC 7519 §7.3, RFC 8259 §8.3), and so does the store. A type of its own for each kind also
/// keeps an account's id from being passed where a session's belongs.
package protocol ByteString: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
    /// The text.
    var text: String { get }

    /// Names something; any text is taken.
    init(_ text: String)
}

extension ByteString {
    /// Names something in the code.
    package init(stringLiteral text: String) { self.init(text) }

    package var description: String { text }

    package static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// The order of the bytes, in which the store lists things too.
    package static func < (left: Self, right: Self) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { bytes in unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
        // No UTF-8 has this byte, so that what is hashed next is told from the end of the text.
        hasher.combine(0xFF as UInt8)
    }
}

extension ByteString {
    /// Names what an operator gives a name to: 1 to 64 of `A-Za-z0-9._:-`.
    ///
    /// - Throws: ``NotAWord`` for any other text.
    package init(checking text: String) throws(NotAWord) {
        guard 1...64 ~= text.utf8.count, text.utf8.allSatisfy(isWordByte) else { throw NotAWord(text: text) }
        self.init(text)
    }
}

/// A text that is not 1 to 64 of `A-Za-z0-9._:-`, as the names are that operators give.
package struct NotAWord: Error, Equatable {
    /// The text.
    package let text: String

    /// Says which text is no word.
    package init(text: String) { self.text = text }
}

private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        true
    default: false
    }
}
