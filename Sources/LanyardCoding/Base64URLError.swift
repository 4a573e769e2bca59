// SPDX-License-Identifier: Apache-2.0

/// Why a text is not canonical base64url without padding.
package enum Base64URLError: Error, Equatable, Sendable {
    /// No byte string has an encoding of `count` characters: one is left over after groups of four.
    case impossibleLength(count: Int)

    /// The byte at `offset` is not one of `A-Z a-z 0-9 - _`; `=`, `+`, `/` and blanks are not either.
    case invalidCharacter(offset: Int)

    /// The last character carries bits that belong to no byte, so that the same bytes would have several encodings.
    case trailingBits
}
