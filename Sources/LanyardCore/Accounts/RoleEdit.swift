// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardStore

/// Roles that an account is to gain and to lose.
package struct RoleEdit: Equatable, Sendable {
    private let added: Roles
    private let removed: Roles

    /// Checks what is asked for.
    ///
    /// - Parameters:
    ///   - added: Roles to gain, none of them in `removed`.
    ///   - removed: Roles to lose. Of any form: one that no account can have is one that this account does not have.
    /// - Throws: ``AccountError/invalidRole(_:)`` for a role to gain that cannot be one.
    package init(adding added: [String], removing removed: [String]) throws(AccountError) {
        do throws(NotAWord) {
            self.added = try Roles(checking: added)
        } catch {
            throw .invalidRole(error.text)
        }
        self.removed = Roles(distinct: removed)
    }

    /// Returns what becomes of the roles of `account`.
    ///
    /// - Throws: ``AccountError/tooLarge(limitBytes:)`` if roles are gained that no token has room for. One can always
    ///   lose some.
    func change(of account: Account) throws(AccountError) -> RoleChange {
        let roles = account.roles
        let gained = added.subtracting(roles)
        let change = RoleChange(
            before: roles, roles: roles.subtracting(removed).union(gained), held: added.intersection(roles),
            missing: removed.subtracting(roles))
        if !gained.isEmpty { try NewAccount.checkSize(roles: change.roles, claims: account.claims) }
        return change
    }
}

/// What came of a ``RoleEdit``.
package struct RoleChange: Equatable, Sendable {
    /// The roles before.
    let before: Roles
    /// The roles now.
    package let roles: Roles
    /// Roles that were to be gained, and were there before.
    package let held: Roles
    /// Roles that were to be lost, and were not there.
    package let missing: Roles

    /// Whether anything is other than before.
    package var isChange: Bool { roles != before }
}
