// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func client(id: String, completion: @escaping Completion<ServiceClient?>) {
        read(completion: completion) { connection throws(StoreError) in try connection.client(id: id) }
    }

    package func clients(after id: String?, limit: Int, completion: @escaping Completion<[ServiceClient]>) {
        read(completion: completion) { connection throws(StoreError) in
            // No id is empty, so all come after that.
            try connection.all(
                .clientsAfter, [.text(id ?? ""), .integer(Int64(limit))], ServiceClient.init(row:))
        }
    }

    package func add(_ client: ServiceClient, completion: @escaping Completion<Void>) {
        write(completion: completion) { connection throws(StoreError) in
            // The `sub` of a token names one of both.
            guard try connection.account(id: client.id) == nil else { throw .conflict }
            try connection.run(
                .insertClient,
                [.text(client.id), .bytes(client.secretHash), .texts(client.roles), .time(client.createdAt)])
        }
    }

    package func removeClient(id: String, completion: @escaping Completion<Bool>) {
        write(completion: completion) { connection throws(StoreError) in
            try connection.run(.deleteClient, [.text(id)]) == 1
        }
    }
}

extension Connection {
    func client(id: String) throws(StoreError) -> ServiceClient? {
        try first(.clientByID, [.text(id)], ServiceClient.init(row:))
    }
}

extension ServiceClient {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.text(0), secretHash: try row.bytes(1), roles: try row.texts(2), createdAt: try row.time(3))
    }

    fileprivate static let columns = "id, secret_hash, roles, created_at"
}

extension Query {
    fileprivate static let clientByID = Query("SELECT \(ServiceClient.columns) FROM client WHERE id = ?")
    fileprivate static let clientsAfter = Query(
        "SELECT \(ServiceClient.columns) FROM client WHERE id > ? ORDER BY id LIMIT ?")
    fileprivate static let insertClient = Query("INSERT INTO client (\(ServiceClient.columns)) VALUES (?, ?, ?, ?)")
    fileprivate static let deleteClient = Query("DELETE FROM client WHERE id = ?")
}
