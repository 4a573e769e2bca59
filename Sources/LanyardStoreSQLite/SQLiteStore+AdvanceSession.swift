// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        // The decisions that write nothing go this way too. Without a write a transaction syncs nothing, and two ways
        // through the store would cost each refresh that does rotate a second reading.
        try await write { connection throws(StoreError) in
            // As late as can be: only the loop is told when the client goes.
            guard advance.isWanted() else { return .abandoned }
            guard let session = try connection.session(id: advance.sessionID) else { return .unknown }
            guard let account = try connection.account(id: session.accountID) else { throw .damaged }
            let outcome = advance.outcome(for: session, of: account, times: try connection.times(), at: now())
            if outcome.session != session { try connection.update(session, to: outcome.session) }
            return outcome.advanced
        }
    }
}

extension Connection {
    /// Writes what a refresh changes, if the row is still `old`.
    fileprivate func update(_ old: Session, to new: Session) throws(StoreError) {
        let condition: [Value] = [
            .id(old.id), .integer(old.current), .integer(old.previous), .time(old.rotatedAt),
        ]
        let changed =
            if let cause = new.cause, let endedAt = new.endedAt {
                try endSessions(.endSessionIf, condition, cause, at: endedAt).count
            } else {
                try run(
                    .advanceSessionIf,
                    condition + [
                        .integer(new.current), .integer(new.previous), .time(new.rotatedAt), .time(new.tokensUntil),
                    ])
            }
        // The row was read in this very transaction, which locks out all other writers.
        precondition(changed == 1)
        // Apart, for an index has it that refreshes leave alone.
        if new.createdAt != old.createdAt { try run(.redateSession, [.time(new.createdAt), .id(new.id)]) }
    }
}

extension Query {
    fileprivate static let advanceSessionIf = Query(
        """
        UPDATE session SET current = ?5, previous = ?6, rotated_at = ?7, tokens_until = ?8
        WHERE id = ?1 AND current = ?2 AND previous = ?3 AND rotated_at = ?4 AND ended_at IS NULL
        """)
    fileprivate static let redateSession = Query("UPDATE session SET created_at = ? WHERE id = ?")
}
