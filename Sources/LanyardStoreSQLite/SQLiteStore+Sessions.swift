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

    /// How many rows one sweep looks at, those it only moves on included, so that one step stays short.
    private static let sweptRows = 2_048
}

extension Connection {
    func session(id: SessionID) throws(StoreError) -> Session? {
        try first(.sessionByID, [.id(id)], Session.init(row:))
    }

    /// Ends a session if it goes on.
    fileprivate func end(
        _ session: Session, _ ending: SessionEnding, at now: UnixTime
    ) throws(StoreError) -> [EndedSession] {
        guard session.isLive(ending.lifetimes, at: now) else { return [] }
        try run(.endSession, [.time(now), .text(ending.cause.rawValue), .id(session.id)])
        return [EndedSession(session, ending.cause)]
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
            .time(now), .text(ending.cause.rawValue), .id(ending.account), .id(ending.kept),
            .time(ending.lifetimes.map { now - $0.idle }), .time(ending.lifetimes.map { now - $0.absolute }),
            .integer(Int64(limit)),
        ]
        let ended = try all(.endSessionsOfAccount, values) { row throws(StoreError) in
            EndedSession(id: try row.id(0), accountID: ending.account, cause: ending.cause)
        }
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
            .time(now), .text(ending.cause.rawValue), .id(id), .id(last), .time(now - ending.lifetimes.idle),
            .time(now - ending.lifetimes.absolute),
        ]
        let ended = try all(.endSessionsBetween, values) { row throws(StoreError) in
            EndedSession(id: try row.id(0), accountID: try row.id(1), cause: ending.cause)
        }
        return SessionsEnded(ended: ended, last: ids.count == limit ? last : nil)
    }

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
        for id in ids {
            try run(.endSession, [.time(now), .text(Session.Cause.revoked.rawValue), .id(id)])
        }
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

    /// Writes what a refresh changes, if the row is still `old`.
    fileprivate func update(_ old: Session, to new: Session) throws(StoreError) {
        let condition: [Value] = [
            .id(old.id), .integer(old.current), .integer(old.previous), .time(old.rotatedAt),
        ]
        let changed =
            if let cause = new.cause, let endedAt = new.endedAt {
                try run(.endSessionIf, condition + [.time(endedAt), .text(cause.rawValue)])
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

extension Session {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.id(0), accountID: try row.id(1), current: try row.integer(2), previous: try row.integer(3),
            rotatedAt: try row.time(4), createdAt: try row.time(5), endedAt: try row.optional(6, row.time),
            cause: try row.optional(7, row.word), tokensUntil: try row.time(8), audience: try row.list(9),
            roles: try row.optional(10, row.list), delivery: try row.word(11), label: try row.optional(12, row.text),
            network: try row.optional(13, row.text), status: try row.optional(14, row.statusIndex))
    }

    /// When the sweep looks at a session that is ended: at its removal, so that it does not look twice.
    fileprivate static let sweepAt =
        "min(sweep_at, tokens_until + iif(list IS NULL, 0, \(StatusIndex.leeway.milliseconds)))"

    fileprivate static let columns =
        """
        id, account_id, current, previous, rotated_at, created_at, ended_at, cause, tokens_until, audience, roles, \
        delivery, label, network, list, idx
        """
}

extension Query {
    fileprivate static let recordLogin = Query(
        "UPDATE account SET last_login_at = ? WHERE id = ? AND epoch = ? AND disabled_at IS NULL")
    fileprivate static let sessionByID = Query("SELECT \(Session.columns) FROM session WHERE id = ?")
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
    fileprivate static let endSession = Query(
        "UPDATE session SET ended_at = ?, cause = ?, sweep_at = \(Session.sweepAt) WHERE id = ?")
    fileprivate static let liveSessions = Query(
        """
        SELECT \(Session.columns) FROM session
        WHERE account_id = ? AND ended_at IS NULL AND rotated_at > ? AND created_at > ?
        ORDER BY created_at DESC, id DESC LIMIT ?
        """)
    fileprivate static let sessionsAfter = Query("SELECT id FROM session WHERE id > ? ORDER BY id LIMIT ?")
    fileprivate static let endSessionsOfAccount = Query(
        """
        UPDATE session SET ended_at = ?1, cause = ?2, sweep_at = \(Session.sweepAt)
        WHERE id IN (
            SELECT id FROM session
            WHERE account_id = ?3 AND ended_at IS NULL AND id IS NOT ?4
                AND (?5 IS NULL OR rotated_at > ?5) AND (?6 IS NULL OR created_at > ?6)
            LIMIT ?7)
        RETURNING id
        """)
    fileprivate static let endSessionsBetween = Query(
        """
        UPDATE session SET ended_at = ?1, cause = ?2, sweep_at = \(Session.sweepAt)
        WHERE id > ?3 AND id <= ?4 AND ended_at IS NULL AND rotated_at > ?5 AND created_at > ?6
        RETURNING id, account_id
        """)
    fileprivate static let advanceSessionIf = Query(
        """
        UPDATE session SET current = ?5, previous = ?6, rotated_at = ?7, tokens_until = ?8
        WHERE id = ?1 AND current = ?2 AND previous = ?3 AND rotated_at = ?4 AND ended_at IS NULL
        """)
    fileprivate static let redateSession = Query("UPDATE session SET created_at = ? WHERE id = ?")
    fileprivate static let endSessionIf = Query(
        """
        UPDATE session SET ended_at = ?5, cause = ?6, sweep_at = \(Session.sweepAt)
        WHERE id = ?1 AND current = ?2 AND previous = ?3 AND rotated_at = ?4 AND ended_at IS NULL
        """)
    fileprivate static let dueSessions = Query(
        "SELECT \(Session.columns) FROM session WHERE sweep_at <= ? ORDER BY sweep_at, id LIMIT 64")
    fileprivate static let deleteSession = Query("DELETE FROM session WHERE id = ?")
    fileprivate static let sweepLater = Query("UPDATE session SET sweep_at = ? WHERE id = ?")
}
