// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCoding
package import LanyardStore

/// The rules of adding, listing and removing service clients.
package struct Clients: Sendable {
    private let store: any ClientStore
    private let now: @Sendable () -> UnixTime

    /// Creates the rules over a store.
    package init(store: any ClientStore, now: @escaping @Sendable () -> UnixTime) {
        self.store = store
        self.now = now
    }

    /// Adds a client; returns its secret, which is kept nowhere.
    package func add(_ new: NewClient) async throws(ClientError) -> Secret<String> {
        let secret = ClientSecret.make()
        let client = ServiceClient(
            id: new.id, secretHash: ClientSecret.hash(secret.reveal()), roles: new.roles, createdAt: now())
        do throws(StoreError) {
            try await store.add(client)
        } catch {
            throw error == .conflict ? .nameTaken : .store(error)
        }
        return secret
    }

    /// Reads up to `limit` clients in the order of their names, those after `name`, or the first ones.
    package func clients(after name: ClientID?, limit: Int) async throws(ClientError) -> [ServiceClient] {
        try await rethrowing(as: ClientError.store, await store.clients(after: name, limit: limit))
    }

    /// Removes a client: it gets no more tokens, and those that it has are revoked.
    package func remove(named name: ClientID) async throws(ClientError) {
        let isRemoved = try await rethrowing(
            as: ClientError.store, await store.removeClient(id: name, at: now()))
        guard isRemoved else { throw .notFound }
    }
}

extension ServiceClient {
    /// The client as commands show it: never its secret, nor what is kept of it.
    package var json: JSONValue {
        [
            "id": .string(id.text), "roles": .array(roles.texts.map(JSONValue.string)),
            "created": .string(createdAt.rfc3339),
        ]
    }
}
