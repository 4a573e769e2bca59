// SPDX-License-Identifier: Apache-2.0

package import LanyardCoding
internal import LanyardPasswords

/// An account that is to be added, checked but for its password.
package struct NewAccount: Sendable {
    let name: AccountName
    let email: String?
    let roles: [String]
    let claims: AccountClaims

    /// Checks what was given.
    ///
    /// - Parameters:
    ///   - name: What the owner logs in with.
    ///   - email: An address, neither unique nor used for login.
    ///   - roles: The roles; one given twice counts once.
    ///   - claims: What the account adds to its tokens.
    /// - Throws: ``AccountError``.
    package init(name: String, email: String?, roles: [String], claims: JSONObject) throws(AccountError) {
        do throws(AccountNameError) {
            self.name = try AccountName(name)
        } catch {
            throw .invalidName(error)
        }
        if let email, EmailAddress(email) == nil { throw .invalidEmail }
        self.email = email
        self.roles = try Self.distinct(roles)
        self.claims = try AccountClaims(claims)
        try Self.checkSize(roles: self.roles, claims: self.claims.text)
    }

    /// Checks that what an account adds to its tokens fits into them.
    ///
    /// - Throws: ``AccountError/tooLarge(limitBytes:)``.
    static func checkSize(roles: [String], claims: String) throws(AccountError) {
        let byteCount = claims.utf8.count + roles.reduce(0) { $0 + $1.utf8.count + 3 }
        guard byteCount <= maximumTokenShareBytes else { throw .tooLarge(limitBytes: maximumTokenShareBytes) }
    }

    /// Returns `roles` without repetition, in their order.
    ///
    /// - Throws: ``AccountError/invalidRole(_:)`` for one that cannot be a role.
    static func distinct(_ roles: [String]) throws(AccountError) -> [String] {
        var distinct: [String] = []
        for role in roles {
            guard isWord(role) else { throw .invalidRole(role) }
            if !distinct.contains(role) { distinct.append(role) }
        }
        return distinct
    }

    /// Returns whether `text` is 1 to 64 of `A-Za-z0-9._:-`, as roles and the names of clients are.
    static func isWord(_ text: String) -> Bool { 1...64 ~= text.utf8.count && text.utf8.allSatisfy(isWordByte) }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// What roles and claims may take of an access token of 8 KiB, encoded at 4 bytes for 3.
    private static let maximumTokenShareBytes = 4_096
}
