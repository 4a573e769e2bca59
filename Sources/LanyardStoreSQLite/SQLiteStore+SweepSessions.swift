// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func sweepSessions(
        lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> SessionSweep {
        try await write { connection throws(StoreError) in
            var sweep = SessionSweep(count: 0, unnoticed: [])
            var examined = 0
            while sweep.count < limit, examined < Self.sweptRows {
                let due = try connection.all(.dueSessions, [.time(now)], Session.init(row:))
                guard !due.isEmpty else { break }
                examined += due.count
                for session in due where sweep.count < limit {
                    let removal = lifetimes.removal(of: session)
                    if removal <= now {
                        sweep.count += try connection.run(.deleteSession, [.id(session.id)])
                        if session.endedAt == nil {
                            sweep.unnoticed.append(EndedSession(session, lifetimes.end(of: session).cause))
                        }
                    } else {
                        try connection.run(.sweepLater, [.time(removal), .id(session.id)])
                    }
                }
            }
            return sweep
        }
    }

    /// How many rows one sweep looks at, those it only moves on included, so that one step stays short.
    private static let sweptRows = 2_048
}

extension Query {
    fileprivate static let dueSessions = Query(
        "SELECT \(Session.columns) FROM session WHERE sweep_at <= ? ORDER BY sweep_at, id LIMIT 64")
    fileprivate static let deleteSession = Query("DELETE FROM session WHERE id = ?")
    fileprivate static let sweepLater = Query("UPDATE session SET sweep_at = ? WHERE id = ?")
}
