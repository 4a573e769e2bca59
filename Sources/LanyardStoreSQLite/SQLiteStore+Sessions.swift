// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func session(id: SessionID) async throws(StoreError) -> SessionOwned? {
        try await read { connection throws(StoreError) in
            guard let session = try connection.session(id: id) else { return nil }
            guard let account = try connection.account(id: session.accountID) else { throw .damaged }
            return SessionOwned(session: session, account: account)
        }
    }

    package func sessions(
        ofAccount id: AccountID, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session] {
        try await read { connection throws(StoreError) in
            try connection.all(
                .liveSessions,
                [
                    .id(id), .time(now - lifetimes.idle), .time(now - lifetimes.absolute), .integer(Int64(limit)),
                ], Session.init(row:))
        }
    }
}

extension Connection {
    func session(id: SessionID) throws(StoreError) -> Session? {
        try first(.sessionByID, [.id(id)], Session.init(row:))
    }
}

extension Session {
    init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.id(0), accountID: try row.id(1), current: try row.integer(2), previous: try row.integer(3),
            rotatedAt: try row.time(4), createdAt: try row.time(5), endedAt: try row.optional(6, row.time),
            cause: try row.optional(7, row.word), tokensUntil: try row.time(8), audience: try row.list(9),
            roles: try row.optional(10, row.list), delivery: try row.word(11), label: try row.optional(12, row.text),
            network: try row.optional(13, row.text), status: try row.optional(14, row.statusIndex))
    }

    static let columns =
        """
        id, account_id, current, previous, rotated_at, created_at, ended_at, cause, tokens_until, audience, roles, \
        delivery, label, network, list, idx
        """
}

extension Query {
    fileprivate static let sessionByID = Query("SELECT \(Session.columns) FROM session WHERE id = ?")
    fileprivate static let liveSessions = Query(
        """
        SELECT \(Session.columns) FROM session
        WHERE account_id = ? AND ended_at IS NULL AND rotated_at > ? AND created_at > ?
        ORDER BY created_at DESC, id DESC LIMIT ?
        """)
}
