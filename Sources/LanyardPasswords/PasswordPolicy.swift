// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Which passwords may be set.
///
/// Length, a blocklist and patterns made of its words, and no rules of composition (NIST SP 800-63B-4 §3.1.1.2).
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
    /// What the service is known by.
    private let serviceWords: [String]

    /// Creates a policy.
    ///
    /// The built-in list is made when the first password is judged by it, not here: a start does not wait for it.
    ///
    /// - Parameters:
    ///   - minimumLength: The fewest code points, from ``leastMinimumLength`` to the maximum.
    ///   - maximumLength: The most code points, in ``maximumLengths``.
    ///   - blocklist: The passwords that are refused instead of ``Blocklist/builtIn``.
    ///   - serviceWords: What the service is known by, its name and its host.
    package init(
        minimumLength: Int = 15, maximumLength: Int = 256, blocklist: Blocklist? = nil,
        serviceWords: [String] = ["lanyard"]
    ) {
        precondition(Self.maximumLengths.contains(maximumLength))
        precondition((Self.leastMinimumLength...maximumLength).contains(minimumLength))
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
        ownBlocklist = blocklist
        self.serviceWords = serviceWords
    }

    /// Returns a password that may be set.
    ///
    /// - Parameters:
    ///   - text: The password as it was received.
    ///   - words: What the account is known by (its name, its e-mail address), refused alone and in patterns.
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
        let known = Self.parts(of: words + serviceWords)
        let isWord = { (text: String) in known.contains(text) || blocklist.contains(key: text) }
        guard !isWord(key), !PasswordPatterns(isWord: isWord).contains(key) else { throw .blocked }
        return NewPassword(accepted: normalized)
    }

    /// Returns a password that may be set instead of `current`, as ``accept(_:otherThan:)`` does.
    ///
    /// Both texts are wiped in the end, but not what was made of them to be compared, in NFC and lower case.
    ///
    /// - Parameters:
    ///   - password: The password as it was received.
    ///   - current: The password that is to be replaced.
    ///   - words: What the account is known by.
    /// - Returns: The password, in the only type that can be hashed for storage.
    /// - Throws: ``PasswordPolicyError``: the first of its cases, in their order, that applies.
    package func accept(
        _ password: Password, otherThan current: Password, _ words: [String]
    ) throws(PasswordPolicyError) -> NewPassword {
        let (text, currentText) = (password.text, current.text)
        defer {
            text.wipeStorage()
            currentText.wipeStorage()
        }
        return try accept(text, otherThan: words + [currentText])
    }

    /// Returns `words` as they are compared: whole, without blanks and marks, and each part between those.
    private static func parts(of words: [String]) -> Set<String> {
        var parts: Set<String> = []
        for word in words.map(\.caselessKey) {
            parts.insert(word)
            parts.insert(String(word.prefix { $0 != "@" }))
            let pieces = word.split { !$0.isLetter && !$0.isNumber }
            parts.insert(pieces.joined())
            parts.formUnion(pieces.map(String.init).filter { $0.count >= shortestPart })
        }
        return parts
    }

    /// Shorter parts of a name or an address are parts of everything.
    private static let shortestPart = 4
}
