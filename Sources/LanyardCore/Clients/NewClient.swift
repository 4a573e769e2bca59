// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// A service client that is to be added, checked.
package struct NewClient: Equatable, Sendable {
    let id: ClientID
    let roles: Roles

    /// Checks what was given.
    ///
    /// - Parameters:
    ///   - name: The `client_id`.
    ///   - roles: The roles; one given twice counts once.
    /// - Throws: ``ClientError``.
    package init(name: String, roles: [String]) throws(ClientError) {
        do throws(NotAWord) {
            id = try ClientID(checking: name)
        } catch {
            throw .invalidName
        }
        guard id != AccessTokenIssuer.firstPartyClient else { throw .reservedName }
        do throws(NotAWord) {
            self.roles = try Roles(checking: roles)
        } catch {
            throw .invalidRole(error.text)
        }
        let limit = AccessTokenIssuer.maximumShareBytes
        guard self.roles.byteCount <= limit else { throw .tooLarge(limitBytes: limit) }
    }
}
