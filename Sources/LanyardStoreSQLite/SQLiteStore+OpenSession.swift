// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func openSession(
        _ opening: SessionOpening, at now: UnixTime
    ) async throws(StoreError) -> SessionOpened {
        let limits = limits
        return try await write { connection throws(StoreError) in
            // The account is as it was seen, and its last login is now: one statement.
            let login: [Value] = [.time(now), .id(opening.accountID), .integer(opening.accountEpoch)]
            guard try connection.run(.recordLogin, login) == 1 else { return .accountChanged }
            let ended = try connection.endSessions(beyond: opening, limit: limits.sessionsPerLogin, at: now)
            let tokensUntil = now + opening.lifetimes.refreshGrace + (try connection.times().longestAccessLifetime)
            let status = opening.hasStatus ? try connection.drawStatusIndex(limits) : nil
            let session = Session(opening: opening, status: status, tokensUntil: tokensUntil, at: now)
            try connection.insert(session, sweepAt: opening.lifetimes.removal(of: session))
            guard let account = try connection.account(id: opening.accountID) else { throw .damaged }
            return .opened(session, account, ended: ended)
        }
    }
}

extension Connection {
    /// Ends the oldest live sessions of the account, so many that one more is not too many, but not more than `limit`.
    ///
    /// Returns their ids, oldest first.
    fileprivate func endSessions(
        beyond opening: SessionOpening, limit: Int, at now: UnixTime
    ) throws(StoreError) -> [SessionID] {
        let lifetimes = opening.lifetimes
        let live: [Value] = [
            .id(opening.accountID), .time(now - lifetimes.idle), .time(now - lifetimes.absolute),
        ]
        let beyond: [Value] = [
            .integer(Int64(limit) + 1), .integer(Int64(max(0, opening.maximumPerAccount - 1))), .id(opening.replaced),
        ]
        var ids = Array(
            try all(.liveSessionsBeyond, live + beyond) { row throws(StoreError) -> SessionID in try row.id(0) }
                .reversed())
        if ids.count > limit {
            // Too many for one step: these are the newest of them, and the oldest go first.
            let oldest: [Value] = [.integer(Int64(limit)), .id(opening.replaced)]
            ids = try all(.oldestSessions, live + oldest) { row throws(StoreError) -> SessionID in try row.id(0) }
        }
        for id in ids { try endSessions(.endSession, [.id(id)], .revoked, at: now) }
        return ids
    }

    fileprivate func insert(_ session: Session, sweepAt: UnixTime) throws(StoreError) {
        try run(
            .insertSession,
            [
                .id(session.id), .id(session.accountID), .integer(session.current), .integer(session.previous),
                .time(session.rotatedAt), .time(session.createdAt), .time(session.tokensUntil), .time(sweepAt),
                .list(session.audience), .list(session.roles), .text(session.delivery.rawValue),
                .text(session.label), .text(session.network), session.status.map { .integer($0.list) } ?? .null,
                session.status.map { .integer($0.index) } ?? .null,
            ])
    }
}

extension Query {
    fileprivate static let recordLogin = Query(
        "UPDATE account SET last_login_at = ? WHERE id = ? AND epoch = ? AND disabled_at IS NULL")
    fileprivate static let insertSession = Query(
        """
        INSERT INTO session
        (id, account_id, current, previous, rotated_at, created_at, tokens_until, sweep_at, audience, roles, delivery,
        label, network, list, idx)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    fileprivate static let liveSessionsBeyond = Query(
        """
        SELECT id FROM session
        WHERE account_id = ?1 AND ended_at IS NULL AND rotated_at > ?2 AND created_at > ?3 AND id IS NOT ?6
        ORDER BY created_at DESC, id DESC LIMIT ?4 OFFSET ?5
        """)
    fileprivate static let oldestSessions = Query(
        """
        SELECT id FROM session
        WHERE account_id = ?1 AND ended_at IS NULL AND rotated_at > ?2 AND created_at > ?3 AND id IS NOT ?5
        ORDER BY created_at, id LIMIT ?4
        """)
}
