// SPDX-License-Identifier: Apache-2.0

/// The name of an account: what people type to log in.
///
/// 1 to 128 code points in NFC, without control characters, line and paragraph separators, bidirectional controls,
/// invisible and unassigned code points and surrounding blanks. Two names with one key are one name.
package struct AccountName: Sendable {
    /// The most code points of a name, in NFC.
    package static let maximumLength = 128

    /// The name as it was given, in NFC.
    package let text: String
    /// What names are compared by, as UTF-8 bytes: NFC(lowercased(NFC(name))), with one lower-case sigma.
    package let key: String

    /// Parses the name that an account is to have.
    ///
    /// - Throws: ``AccountNameError``: the first of its cases, in their order, that applies.
    package init(_ text: String) throws(AccountNameError) {
        let name = try Self(presented: text)
        guard !name.text.unicodeScalars.contains(where: \.properties.isDefaultIgnorableCodePoint) else {
            throw .invisibleCharacter
        }
        self = name
    }

    /// Parses the name of an account that is looked up.
    ///
    /// Invisible code points pass: earlier releases accepted them in names, and those accounts still log in.
    ///
    /// - Throws: ``AccountNameError``: the first of its cases, in their order, that applies.
    package init(presented text: String) throws(AccountNameError) {
        guard !text.isEmpty else { throw .empty }
        let longestGiven = Self.maximumLength * longestCanonicalDecomposition
        guard text.unicodeScalars.count <= longestGiven else { throw .tooLong(maximum: Self.maximumLength) }
        let normalized = text.normalizedC
        guard normalized.unicodeScalars.count <= Self.maximumLength else { throw .tooLong(maximum: Self.maximumLength) }
        guard !normalized.unicodeScalars.contains(where: isForbidden) else { throw .forbiddenCharacter }
        let isBlank = { (scalar: Unicode.Scalar?) in scalar?.properties.isWhitespace ?? false }
        guard !isBlank(normalized.unicodeScalars.first), !isBlank(normalized.unicodeScalars.last) else {
            throw .surroundingBlank
        }
        self.text = normalized
        key = normalized.caselessKey
    }
}

/// Whether a code point has no place in a name.
///
/// Beyond control characters: separators break the lines of a log, and bidirectional controls make one name look like
/// another (UTR #36 §2.5).
private func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lineSeparator, .paragraphSeparator: true
    default: scalar.isControlOrUnassigned || bidirectionalControls.contains(scalar)
    }
}

/// The property `Bidi_Control` of PropList.txt.
private let bidirectionalControls: Set<Unicode.Scalar> = [
    "\u{061C}", "\u{200E}", "\u{200F}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}",
    "\u{2067}", "\u{2068}", "\u{2069}",
]
