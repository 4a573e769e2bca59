// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a JSON text that we accept, and where.
package struct JSONError: Error, Equatable, Sendable {
    /// What is wrong.
    package enum Fault: Equatable, Sendable {
        /// The text stops inside a value, or holds none at all.
        case unexpectedEnd
        /// A byte that cannot stand here (RFC 8259 §2); also a byte order mark and a trailing comma.
        case unexpectedByte
        /// Bytes that are not UTF-8 (RFC 8259 §8.1).
        case invalidUTF8
        /// A control character inside a string, not escaped (RFC 8259 §7).
        case controlCharacter
        /// A backslash that is not followed by an escape (RFC 8259 §7).
        case invalidEscape
        /// Half of a surrogate pair, which is no character (RFC 8259 §8.2).
        case loneSurrogate
        /// A number with a leading zero, without digits, or with a sign in front (RFC 8259 §6).
        case invalidNumber
        /// A number beyond a finite `Double`, or longer than ``JSONNumber/maximumBytes``.
        case numberOutOfRange
        /// The same name twice in one object, compared after unescaping (RFC 7519 §4 lets us refuse).
        case duplicateMember
        /// Objects and arrays nested deeper than ``JSONLimits/maximumDepth``.
        case tooDeep
        /// An object with more than ``JSONLimits/maximumMembers``.
        case tooManyMembers
        /// An array with more than ``JSONLimits/maximumElements``.
        case tooManyElements
        /// A string or a name with more than ``JSONLimits/maximumStringBytes``.
        case stringTooLong
        /// Something after the value.
        case trailingBytes
        /// A value that is no object, where only an object is accepted.
        case notAnObject
    }

    /// What is wrong, in a few words that can stand before "at byte 7".
    package var words: String {
        switch fault {
        case .unexpectedEnd: "it ends too early"
        case .unexpectedByte: "an unexpected character"
        case .invalidUTF8: "not UTF-8"
        case .controlCharacter: "a control character in a string"
        case .invalidEscape: "an unknown escape"
        case .loneSurrogate: "half of a surrogate pair"
        case .invalidNumber: "a malformed number"
        case .numberOutOfRange: "a number out of range"
        case .duplicateMember: "a member that stands there twice"
        case .tooDeep: "nested too deep"
        case .tooManyMembers: "an object with too many members"
        case .tooManyElements: "an array with too many elements"
        case .stringTooLong: "a string that is too long"
        case .trailingBytes: "something behind the value"
        case .notAnObject: "another value than an object"
        }
    }

    /// What is wrong.
    package let fault: Fault
    /// The offset of the byte at which it was seen, from 0; the count of bytes if they ended too early.
    package let offset: Int

    /// Creates the error for a fault at an offset.
    package init(_ fault: Fault, at offset: Int) {
        self.fault = fault
        self.offset = offset
    }
}
