// SPDX-License-Identifier: Apache-2.0

/// An address that messages can be sent to.
///
/// At most 254 bytes (RFC 5321 §4.5.3.1.3), one `@` with something on both sides, and none of the characters that would
/// need quotes in a message or end a line there. Whether an address exists, only a message can tell.
package struct EmailAddress: Sendable {
    /// The longest address, in bytes.
    package static let maximumByteCount = 254

    /// The address as it was given.
    package let text: String
    /// What addresses are compared by, as UTF-8 bytes: NFC and lower case.
    package let key: String

    /// Parses an address; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumByteCount, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !text.unicodeScalars.contains(where: Self.isForbidden)
        else { return nil }
        self.text = text
        key = text.caselessKey
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
            || special.contains(scalar)
    }

    /// The `specials` of RFC 5322 §3.2.3 but `@` and `.`.
    private static let special: Set<Unicode.Scalar> = ["<", ">", "(", ")", "[", "]", ",", ";", ":", "\\", "\""]
}
