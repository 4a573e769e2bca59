// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Writes compact JSON straight into bytes, without a tree in between.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.member("sub", "01J…")
/// writer.member("exp", 1_700_000_900)
/// writer.endObject()
/// let bytes = writer.finish()
/// ```
///
/// The same calls give the same bytes. Who calls answers for names that differ and for brackets that match.
package struct JSONWriter: Sendable {
    private var bytes: [UInt8] = []
    private var depth = 0
    /// Whether a comma must come before the next name or element.
    private var needsComma = false

    /// Creates a writer with room for `capacity` bytes; it grows when that is not enough.
    package init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Returns what was written: one whole value.
    package consuming func finish() -> [UInt8] {
        precondition(depth == 0 && !bytes.isEmpty, "a JSON text is one whole value")
        return bytes
    }

    /// Opens an object, as a value.
    package mutating func beginObject() { open(UInt8(ascii: "{")) }

    /// Closes the object.
    package mutating func endObject() { close(UInt8(ascii: "}")) }

    /// Opens an array, as a value.
    package mutating func beginArray() { open(UInt8(ascii: "[")) }

    /// Closes the array.
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// Writes the name of a member; its value must follow.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a text.
    package mutating func string(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes a text that needs no escape: ASCII without control characters, quotes and backslashes, such as base64url.
    package mutating func string(ascii text: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes an integer.
    package mutating func integer(_ integer: Int64) {
        separate()
        bytes.append(contentsOf: String(integer).utf8)
    }

    /// Writes `true` or `false`.
    package mutating func boolean(_ boolean: Bool) {
        separate()
        bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes any value.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .boolean(let value): boolean(value)
        case .number(let number):
            separate()
            bytes.append(contentsOf: number.text.utf8)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members { self.member(member.name, value: member.value) }
            endObject()
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        precondition(depth > 0, "nothing is open")
        bytes.append(bracket)
        depth -= 1
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { appendEscaped(byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends one byte of a string; RFC 8259 §7: quotes, backslashes and control characters must be escaped, nothing else.
    private mutating func appendEscaped(_ byte: UInt8) {
        guard Self.needsEscape(byte) else { return bytes.append(byte) }
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(contentsOf: [byte].hexadecimal.utf8)
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}

extension JSONWriter {
    /// Writes a member whose value is a text.
    package mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    /// Writes a member whose value is an integer.
    package mutating func member(_ name: String, _ integer: Int64) {
        self.name(name)
        self.integer(integer)
    }

    /// Writes a member whose value is `true` or `false`.
    package mutating func member(_ name: String, _ boolean: Bool) {
        self.name(name)
        self.boolean(boolean)
    }

    /// Writes a member whose value is an array of texts.
    package mutating func member(_ name: String, _ texts: [String]) {
        self.name(name)
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    /// Writes a member with any value.
    package mutating func member(_ name: String, value: JSONValue) {
        self.name(name)
        self.value(value)
    }
}
