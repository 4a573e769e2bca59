// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func endSessions(
        _ ending: SessionEnding, at now: UnixTime
    ) async throws(StoreError) -> SessionsEnded {
        let limit = limits.sessionsPerStep
        return try await writeInPortions { connection, before throws(StoreError) in
            switch ending.scope {
            case .one(let id, let account):
                guard let session = try connection.session(id: id),
                    account ?? session.accountID == session.accountID
                else { return .done(SessionsEnded(ended: [], isKnown: false)) }
                return .done(SessionsEnded(ended: try connection.end(session, ending, at: now)))
            case .allBeside(let id, let generation):
                guard let session = try connection.session(id: id) else {
                    return .done(SessionsEnded(ended: [], isKnown: false))
                }
                guard session.isLive(ending.lifetimes, at: now), generation.map(session.isCurrent) ?? true else {
                    let ended = try connection.end(session, ending, at: now)
                    return .done(SessionsEnded(ended: before.followed(by: ended)))
                }
                // The session itself ends last: it is what says that the others may.
                let scope = Connection.EndingOfAccount(
                    account: session.accountID, kept: id, cause: ending.cause, lifetimes: ending.lifetimes)
                let (ended, isLast) = try connection.endSessions(scope, limit: limit, at: now)
                guard isLast else { return .more(ended) }
                let last = try connection.end(session, ending, at: now)
                return .done(SessionsEnded(ended: before.followed(by: ended + last)))
            case .all(let account):
                let scope = Connection.EndingOfAccount(
                    account: account, cause: ending.cause, lifetimes: ending.lifetimes)
                let (ended, isLast) = try connection.endSessions(scope, limit: limit, at: now)
                return isLast ? .done(SessionsEnded(ended: before.followed(by: ended))) : .more(ended)
            case .any(let after, let limit):
                return .done(try connection.endSessions(after: after, limit: limit, ending, at: now))
            }
        }
    }
}

extension Connection {
    /// Ends the sessions that `query` chooses among those that it says go on: the one place where a session ends.
    ///
    /// A trigger sets their bits in the status lists, so that no way to end one can forget them.
    ///
    /// `query` is one of those that ``Query/ending(_:)`` makes, and `values` are those of its condition.
    @discardableResult
    func endSessions(
        _ query: Query, _ values: [Value], _ cause: Session.Cause, at now: UnixTime
    ) throws(StoreError) -> [EndedSession] {
        try all(query, [.time(now), .text(cause.rawValue)] + values) { row throws(StoreError) in
            EndedSession(id: try row.id(0), accountID: try row.id(1), cause: cause)
        }
    }

    /// Ends a session if it goes on.
    fileprivate func end(
        _ session: Session, _ ending: SessionEnding, at now: UnixTime
    ) throws(StoreError) -> [EndedSession] {
        guard session.isLive(ending.lifetimes, at: now) else { return [] }
        return try endSessions(.endSession, [.id(session.id)], ending.cause, at: now)
    }

    /// Which sessions of an account end, and why.
    struct EndingOfAccount {
        var account: AccountID
        /// One that goes on.
        var kept: SessionID?
        var cause: Session.Cause
        /// How long sessions last; if `nil`, those whose lifetime is over end as well.
        var lifetimes: SessionLifetimes?
    }

    /// Ends up to `limit` sessions of an account that go on; returns them, and whether no more go on.
    func endSessions(
        _ ending: EndingOfAccount, limit: Int, at now: UnixTime
    ) throws(StoreError) -> (ended: [EndedSession], isLast: Bool) {
        let values: [Value] = [
            .id(ending.account), .id(ending.kept), .time(ending.lifetimes.map { now - $0.idle }),
            .time(ending.lifetimes.map { now - $0.absolute }), .integer(Int64(limit)),
        ]
        let ended = try endSessions(.endSessionsOfAccount, values, ending.cause, at: now)
        return (ended, ended.count < limit)
    }

    /// Ends the sessions that go on among the next ones in the order of their ids.
    fileprivate func endSessions(
        after id: SessionID, limit: Int, _ ending: SessionEnding, at now: UnixTime
    ) throws(StoreError) -> SessionsEnded {
        let ids = try all(.sessionsAfter, [.id(id), .integer(Int64(limit))]) { row throws(StoreError) -> SessionID in
            try row.id(0)
        }
        guard let last = ids.last else { return SessionsEnded(ended: []) }
        let values: [Value] = [
            .id(id), .id(last), .time(now - ending.lifetimes.idle), .time(now - ending.lifetimes.absolute),
        ]
        let ended = try endSessions(.endSessionsBetween, values, ending.cause, at: now)
        return SessionsEnded(ended: ended, last: ids.count == limit ? last : nil)
    }
}

extension Query {
    /// Ends the sessions that `condition` chooses, whose parameters begin with `?3`.
    ///
    /// The sweep then looks at them when they are to be removed, and not before.
    private static func ending(_ condition: String) -> Query {
        Query(
            """
            UPDATE session SET ended_at = ?1, cause = ?2,
                sweep_at = min(sweep_at, tokens_until + iif(list IS NULL, 0, \(StatusIndex.leeway.milliseconds)))
            WHERE \(condition)
            RETURNING id, account_id
            """)
    }

    static let endSession = ending("id = ?3")
    static let endSessionIf = ending(
        "id = ?3 AND current = ?4 AND previous = ?5 AND rotated_at = ?6 AND ended_at IS NULL")
    fileprivate static let endSessionsOfAccount = ending(
        """
        id IN (
            SELECT id FROM session
            WHERE account_id = ?3 AND ended_at IS NULL AND id IS NOT ?4
                AND (?5 IS NULL OR rotated_at > ?5) AND (?6 IS NULL OR created_at > ?6)
            LIMIT ?7)
        """)
    fileprivate static let endSessionsBetween = ending(
        "id > ?3 AND id <= ?4 AND ended_at IS NULL AND rotated_at > ?5 AND created_at > ?6")
    fileprivate static let sessionsAfter = Query("SELECT id FROM session WHERE id > ? ORDER BY id LIMIT ?")
}
