// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func assignStatusIndex(toClient id: ClientID) async throws(StoreError) -> ServiceClient? {
        let limits = limits
        return try await write { connection throws(StoreError) in
            guard var client = try connection.client(id: id) else { return nil }
            // Another request may have been quicker.
            guard client.status == nil else { return client }
            let index = try connection.drawStatusIndex(limits)
            try connection.run(.setClientIndex, [.id(id), .integer(index.list), .integer(index.index)])
            client.status = index
            return client
        }
    }

    package func revokeTokens(
        ofClient id: ClientID, at index: StatusIndex?, at now: UnixTime
    ) async throws(StoreError) -> ClientTokensRevoked {
        try await write { connection throws(StoreError) in
            guard let client = try connection.client(id: id) else { return .unknown }
            if let index, index != client.status { return .revokedBefore }
            try connection.setStatusBit(of: client, at: now)
            try connection.run(.revokeClientTokens, [.id(id), .time(now)])
            return .revoked
        }
    }
}

extension Connection {
    /// Shows the tokens of a client as revoked, if they name an index.
    func setStatusBit(of client: ServiceClient, at now: UnixTime) throws(StoreError) {
        guard let index = client.status else { return }
        let bit = StatusBit(ofClientAt: index, longestAccessLifetime: try times().longestAccessLifetime, at: now)
        try run(.setStatusBit, [.integer(index.list), .integer(index.index), .time(bit.until)])
        try run(.raiseStatusVersion)
    }
}

extension Query {
    fileprivate static let setClientIndex = Query("UPDATE client SET list = ?2, idx = ?3 WHERE id = ?1")
    fileprivate static let revokeClientTokens = Query(
        "UPDATE client SET list = NULL, idx = NULL, revoked_at = ?2 WHERE id = ?1")
    fileprivate static let setStatusBit = Query(
        """
        INSERT INTO status_bit (list, idx, until) VALUES (?, ?, ?)
        ON CONFLICT (list, idx) DO UPDATE SET until = max(until, excluded.until)
        """)
}
