// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// Decides which token of its own a service client gets (RFC 6749 §4.4).
package struct GrantClientToken: Sendable {
    let clients: any ClientStore
    let tokens: TokenPolicy

    /// What a client asks for.
    package struct Wish: Sendable {
        /// The audience; `nil` for the default.
        let audience: Audiences?
        /// The roles; `nil` for all that the client has.
        package let roles: Roles?

        /// Creates a wish.
        package init(audience: Audiences?, roles: Roles?) {
            self.audience = audience
            self.roles = roles
        }
    }

    /// What it gets.
    package struct Grant: Sendable {
        let client: ServiceClient
        let audience: Audiences
        let roles: Roles
    }

    /// Decides on the wish of a client that has authenticated itself.
    package func callAsFunction(_ wish: Wish, of client: ServiceClient) async throws(ClientTokenRefusal) -> Grant {
        let audience = wish.audience ?? [tokens.audience[0]]
        guard tokens.allows(audience, holding: client.roles) else { throw .audienceNotAllowed }
        let roles = wish.roles ?? client.roles
        guard roles.isSubset(of: client.roles) else { throw .rolesNotHeld }
        return Grant(client: try await placed(client), audience: audience, roles: roles)
    }

    /// Returns the client with its status index, which it gets with its first token and keeps.
    private func placed(_ client: ServiceClient) async throws(ClientTokenRefusal) -> ServiceClient {
        guard tokens.status != nil, client.status == nil else { return client }
        let placed = try await rethrowing(
            as: ClientTokenRefusal.store, await clients.assignStatusIndex(toClient: client.id))
        guard let placed else { throw .removed }
        return placed
    }
}

/// Why a service client got no token.
package enum ClientTokenRefusal: Error {
    /// An audience that the client may not request.
    case audienceNotAllowed
    /// A role that the client does not have.
    case rolesNotHeld
    /// The client was removed since it authenticated itself.
    case removed
    /// The store did not make its step.
    case store(StoreError)
}
