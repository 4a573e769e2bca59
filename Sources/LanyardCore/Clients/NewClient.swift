// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding

/// A service client that is to be added, checked.
package struct NewClient: Equatable, Sendable {
    let name: String
    let roles: [String]

    /// Checks what was given.
    ///
    /// - Parameters:
    ///   - name: The `client_id`.
    ///   - roles: The roles; one given twice counts once.
    /// - Throws: ``ClientError``.
    package init(name: String, roles: [String]) throws(ClientError) {
        guard NewAccount.isWord(name) else { throw .invalidName }
        guard !name.hasSameBytes(as: AccessTokenIssuer.firstPartyClient) else { throw .reservedName }
        self.name = name
        do throws(AccountError) {
            self.roles = try NewAccount.distinct(roles)
            try NewAccount.checkSize(roles: self.roles, claims: "")
        } catch {
            throw ClientError(ofRoles: error)
        }
    }
}

extension ClientError {
    /// Says of a client what was said of the roles of an account.
    fileprivate init(ofRoles error: AccountError) {
        switch error {
        case .invalidRole(let role): self = .invalidRole(role)
        case .tooLarge(let limit): self = .tooLarge(limitBytes: limit)
        default: preconditionFailure("roles were refused as something else: \(error)")
        }
    }
}
