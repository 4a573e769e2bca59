// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardStore

/// Roles that an account is to gain and to lose.
package struct RoleEdit: Equatable, Sendable {
    private let added: [String]
    private let removed: [String]

    /// Checks what is asked for.
    ///
    /// - Parameters:
    ///   - added: Roles to gain, none of them in `removed`.
    ///   - removed: Roles to lose. Of any form: one that no account can have is one that this account does not have.
    /// - Throws: ``AccountError/invalidRole(_:)`` for a role to gain that cannot be one.
    package init(adding added: [String], removing removed: [String]) throws(AccountError) {
        self.added = try NewAccount.distinct(added)
        self.removed = removed
    }

    /// Returns what becomes of the roles of `account`.
    ///
    /// - Throws: ``AccountError/tooLarge(limitBytes:)`` if roles are gained that no token has room for. One can always
    ///   lose some.
    func change(of account: Account) throws(AccountError) -> RoleChange {
        let roles = account.roles
        let gained = added.filter { !roles.holds($0) }
        let change = RoleChange(
            before: roles, roles: roles.filter { !removed.holds($0) } + gained, held: added.filter(roles.holds),
            missing: removed.filter { !roles.holds($0) })
        if !gained.isEmpty { try NewAccount.checkSize(roles: change.roles, claims: account.claims) }
        return change
    }
}

/// What came of a ``RoleEdit``.
package struct RoleChange: Equatable, Sendable {
    /// The roles before.
    let before: [String]
    /// The roles now.
    package let roles: [String]
    /// Roles that were to be gained, and were there before.
    package let held: [String]
    /// Roles that were to be lost, and were not there.
    package let missing: [String]

    /// Whether anything is other than before.
    package var isChange: Bool { roles != before }
}
