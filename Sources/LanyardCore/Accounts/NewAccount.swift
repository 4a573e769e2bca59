// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCoding
internal import LanyardPasswords

/// An account that is to be added, checked but for its password.
package struct NewAccount: Sendable {
    let name: AccountName
    let email: String?
    let roles: Roles
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
        do throws(NotAWord) {
            self.roles = try Roles(checking: roles)
        } catch {
            throw .invalidRole(error.text)
        }
        self.claims = try AccountClaims(claims)
        try Self.checkSize(roles: self.roles, claims: self.claims.text)
    }

    /// Checks that what an account adds to its tokens fits into them.
    ///
    /// - Throws: ``AccountError/tooLarge(limitBytes:)``.
    static func checkSize(roles: Roles, claims: String) throws(AccountError) {
        let limit = AccessTokenIssuer.maximumShareBytes
        guard claims.utf8.count + roles.byteCount <= limit else { throw .tooLarge(limitBytes: limit) }
    }
}
