// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func client(id: ClientID) async throws(StoreError) -> ServiceClient? {
        try await read { connection throws(StoreError) in try connection.client(id: id) }
    }

    package func clients(after id: ClientID?, limit: Int) async throws(StoreError) -> [ServiceClient] {
        try await read { connection throws(StoreError) in
            // No id is empty, so all come after that.
            try connection.all(
                .clientsAfter, [.id(id ?? ""), .integer(Int64(limit))], ServiceClient.init(row:))
        }
    }

    package func add(_ client: ServiceClient) async throws(StoreError) {
        try await write { connection throws(StoreError) in
            // The `sub` of a token names one of both.
            guard try connection.account(id: AccountID(client.id.text)) == nil else { throw .conflict }
            try connection.run(
                .insertClient,
                [.id(client.id), .bytes(client.secretHash), .list(client.roles), .time(client.createdAt)])
        }
    }

    package func removeClient(id: ClientID, at now: UnixTime) async throws(StoreError) -> Bool {
        try await write { connection throws(StoreError) in
            guard let client = try connection.client(id: id) else { return false }
            try connection.setStatusBit(of: client, at: now)
            return try connection.run(.deleteClient, [.id(id)]) == 1
        }
    }
}

extension Connection {
    func client(id: ClientID) throws(StoreError) -> ServiceClient? {
        try first(.clientByID, [.id(id)], ServiceClient.init(row:))
    }
}

extension ServiceClient {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.id(0), secretHash: try row.bytes(1), roles: try row.list(2), createdAt: try row.time(3))
        status = try row.optional(4, row.statusIndex)
        tokensRevokedAt = try row.optional(6, row.time)
    }

    fileprivate static let addedColumns = "id, secret_hash, roles, created_at"
    fileprivate static let columns = addedColumns + ", list, idx, revoked_at"
}

extension Query {
    fileprivate static let clientByID = Query("SELECT \(ServiceClient.columns) FROM client WHERE id = ?")
    fileprivate static let clientsAfter = Query(
        "SELECT \(ServiceClient.columns) FROM client WHERE id > ? ORDER BY id LIMIT ?")
    fileprivate static let insertClient = Query(
        "INSERT INTO client (\(ServiceClient.addedColumns)) VALUES (?, ?, ?, ?)")
    fileprivate static let deleteClient = Query("DELETE FROM client WHERE id = ?")
}
