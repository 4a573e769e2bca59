// SPDX-License-Identifier: Apache-2.0

/// Which passwords may be set.
///
/// Length and a blocklist, and no rules of composition (NIST SP 800-63B-4 §3.1.1.2).
package struct PasswordPolicy: Sendable {
    /// What `passwords.min_length` can be, below the maximum; 15 unless it is set.
    package static let leastMinimumLength = 8
    /// What `passwords.max_length` can be; 256 unless it is set.
    package static let maximumLengths = 64...Password.longestLength

    /// The fewest code points, in NFC.
    package let minimumLength: Int
    /// The most code points, in NFC.
    package let maximumLength: Int
    /// The passwords that are refused instead of ``Blocklist/builtIn``.
    private let ownBlocklist: Blocklist?

    /// Creates a policy.
    ///
    /// The built-in list is made when the first password is judged by it, not here: a start does not wait for it.
    ///
    /// - Precondition: The lengths are in ``maximumLengths`` and in ``leastMinimumLength`` to the maximum.
    package init(minimumLength: Int = 15, maximumLength: Int = 256, blocklist: Blocklist? = nil) {
        precondition(Self.maximumLengths.contains(maximumLength))
        precondition((Self.leastMinimumLength...maximumLength).contains(minimumLength))
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
        ownBlocklist = blocklist
    }

    /// Returns a password that may be set.
    ///
    /// - Parameters:
    ///   - text: The password as it was received.
    ///   - words: What the account is known by (its name, its e-mail address), each refused as the whole password.
    /// - Returns: The password, in the only type that can be hashed for storage.
    /// - Throws: ``PasswordPolicyError``: the first of its cases, in their order, that applies.
    ///
    /// Source: NIST SP 800-63B-4 §3.1.1.2; OWASP ASVS 5.0 6.2.1, 6.2.4, 6.2.9 and 6.2.11.
    package func accept(_ text: String, otherThan words: [String] = []) throws(PasswordPolicyError) -> NewPassword {
        let longestGiven = maximumLength * longestCanonicalDecomposition
        guard text.unicodeScalars.count <= longestGiven else { throw .tooLong(maximum: maximumLength) }
        let normalized = text.normalizedC
        let length = normalized.unicodeScalars.count
        guard length <= maximumLength else { throw .tooLong(maximum: maximumLength) }
        guard length >= minimumLength else { throw .tooShort(minimum: minimumLength) }
        guard !normalized.unicodeScalars.contains(where: \.isControlOrUnassigned) else { throw .forbiddenCharacter }
        let key = normalized.caselessKey
        let blocklist = ownBlocklist ?? .builtIn
        guard !blocklist.contains(key: key), !words.contains(where: { $0.caselessKey == key }) else { throw .blocked }
        return NewPassword(accepted: normalized)
    }
}
