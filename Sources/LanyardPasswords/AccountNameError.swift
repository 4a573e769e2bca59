// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the name of an account.
package enum AccountNameError: Error, Equatable, Sendable {
    /// Nothing was given.
    case empty
    /// More code points than `maximum`, in NFC.
    case tooLong(maximum: Int)
    /// A control character, a separator of lines, a bidirectional control, or an unassigned code point.
    case forbiddenCharacter
    /// A blank at the beginning or the end.
    case surroundingBlank
    /// A code point that is not displayed, so that two names would look the same (`Default_Ignorable_Code_Point`).
    case invisibleCharacter
}
