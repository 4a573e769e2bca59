// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not form parameters that we accept, and where; offsets count bytes from 0.
package enum FormError: Error, Equatable, Sendable {
    /// A `%` that two hexadecimal digits do not follow.
    case invalidEscape(offset: Int)

    /// A control character that is not escaped, most often a line end that a tool appended.
    case controlCharacter(offset: Int)

    /// The parameter that begins here is not UTF-8 when unescaped.
    case invalidUTF8(offset: Int)

    /// The parameter that begins here has occurred before (RFC 6749 §3.2: must not be included more than once).
    case duplicateParameter(offset: Int)

    /// More parameters than the caller reads.
    case tooManyParameters(limit: Int)

    /// What is wrong, in a few words.
    package var words: String {
        switch self {
        case .invalidEscape(let offset): "an incomplete escape at byte \(offset)"
        case .controlCharacter(let offset): "a control character at byte \(offset)"
        case .invalidUTF8(let offset): "not UTF-8 in the parameter at byte \(offset)"
        case .duplicateParameter(let offset): "a parameter that stands there twice, at byte \(offset)"
        case .tooManyParameters(let limit): "more than \(limit) parameters"
        }
    }
}
