// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardStore

/// Decides which token of its own a service client gets (RFC 6749 §4.4).
struct GrantClientToken: Sendable {
    let clients: any ClientStore
    let tokens: ServiceConfiguration.Tokens
    /// Whether tokens have an index in a status list.
    let hasStatus: Bool

    /// What a client asks for.
    struct Wish: Sendable {
        /// The audience; `nil` for the default.
        let audience: [String]?
        /// The roles; `nil` for all that the client has.
        let roles: [String]?
    }

    /// What it gets.
    struct Grant: Sendable {
        let client: ServiceClient
        let audience: [String]
        let roles: [String]
    }

    /// Decides on the wish of a client that has authenticated itself.
    func callAsFunction(_ wish: Wish, of client: ServiceClient) async throws(ClientTokenRefusal) -> Grant {
        let audience = wish.audience ?? [tokens.audience[0]]
        guard audience.allSatisfy({ tokens.allows($0, holding: client.roles) }) else { throw .audienceNotAllowed }
        let roles = wish.roles ?? client.roles
        guard roles.allSatisfy({ role in client.roles.contains { $0.hasSameBytes(as: role) } }) else {
            throw .rolesNotHeld
        }
        return Grant(client: try await placed(client), audience: audience, roles: roles)
    }

    /// Returns the client with its status index, which it gets with its first token and keeps.
    private func placed(_ client: ServiceClient) async throws(ClientTokenRefusal) -> ServiceClient {
        guard hasStatus, client.status == nil else { return client }
        let placed = try await rethrowing(
            as: ClientTokenRefusal.store, await clients.assignStatusIndex(toClient: client.id))
        guard let placed else { throw .removed }
        return placed
    }
}

/// Why a service client got no token.
enum ClientTokenRefusal: Error {
    /// An audience that the client may not request.
    case audienceNotAllowed
    /// A role that the client does not have.
    case rolesNotHeld
    /// The client was removed since it authenticated itself.
    case removed
    /// The store did not make its step.
    case store(StoreError)
}
