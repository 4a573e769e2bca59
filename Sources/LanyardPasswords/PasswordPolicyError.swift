// SPDX-License-Identifier: Apache-2.0

/// Why a password may not be set.
package enum PasswordPolicyError: Error, Equatable, Sendable {
    /// More code points than `maximum`, in NFC.
    case tooLong(maximum: Int)
    /// Fewer code points than `minimum`, in NFC.
    case tooShort(minimum: Int)
    /// A control character or an unassigned code point, which a later keyboard or Unicode version may spell otherwise.
    case forbiddenCharacter
    /// A password that is tried first: on the list, one of the words that the account or the service is known by, or a
    /// pattern made of those.
    case blocked
}
