// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCoding
package import LanyardStore

/// The rules of adding, listing and removing service clients.
package struct Clients: Sendable {
    /// What a call is completed with, once.
    package typealias Completion<Value> = @Sendable (Result<Value, ClientError>) -> Void

    private let store: any Store
    private let now: @Sendable () -> UnixTime

    /// Creates the rules over a store.
    package init(store: any Store, now: @escaping @Sendable () -> UnixTime) {
        self.store = store
        self.now = now
    }

    /// Adds a client; completes with its secret, which is kept nowhere.
    package func add(_ new: NewClient, completion: @escaping Completion<Secret<String>>) {
        let secret = ClientSecret.make()
        let client = ServiceClient(
            id: new.name, secretHash: ClientSecret.hash(secret.reveal()), roles: new.roles, createdAt: now())
        store.add(client) { result in
            completion(result.map { secret }.mapError { $0 == .conflict ? .nameTaken : .store($0) })
        }
    }

    /// Reads up to `limit` clients in the order of their names, those after `name`, or the first ones.
    package func clients(after name: String?, limit: Int, completion: @escaping Completion<[ServiceClient]>) {
        store.clients(after: name, limit: limit) { completion($0.mapError(ClientError.store)) }
    }

    /// Removes a client: it gets no more tokens, and those that it has are revoked.
    package func remove(named name: String, completion: @escaping Completion<Void>) {
        store.removeClient(id: name, at: now()) { result in
            completion(result.mapError(ClientError.store).flatMap { $0 ? .success(()) : .failure(.notFound) })
        }
    }
}

extension ServiceClient {
    /// The client as commands show it: never its secret, nor what is kept of it.
    package var json: JSONValue {
        [
            "id": .string(id), "roles": .array(roles.map(JSONValue.string)), "created": .string(createdAt.rfc3339),
        ]
    }
}
