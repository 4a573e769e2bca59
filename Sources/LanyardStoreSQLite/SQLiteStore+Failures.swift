// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict {
        // Where steps that write go, though one that is right mostly writes nothing and then syncs nothing: there is one such
        // step at a time, in all processes, so what it reads stays so until it has written.
        try await write { connection throws(StoreError) in
            let history = try connection.history(of: attempt, under: limits, at: now)
            if let next = limits.nextTry(after: history), next > now { return .limited(until: next) }
            if isRight {
                if history.row != nil { try connection.run(.endRow, [.bytes(attempt.pair)]) }
                return .right
            }
            try connection.count(attempt, under: limits, at: now)
            return .wrong
        }
    }

    /// How many failures are kept at most; the oldest go first.
    package static let maximumFailures: Int64 = 1_000_000
}

extension Connection {
    fileprivate func history(
        of attempt: AuthenticationTry, under limits: TryLimits, at now: UnixTime
    ) throws(StoreError) -> FailureHistory {
        var history = FailureHistory()
        let end = Value.time(now + TryLimits.clockTolerance)
        let pair: [Value] = [
            .bytes(attempt.pair), .time(now - limits.forgetting), end, .integer(Int64(limits.failuresInRow)),
        ]
        let row = try first(.failuresInRow, pair) { row throws(StoreError) in
            (count: Int(try row.integer(0)), lastAt: try row.optional(1, row.time))
        }
        if let row, let lastAt = row.lastAt { history.row = FailureHistory.Row(count: row.count, lastAt: lastAt) }
        for scope in FailureHistory.Scope.allCases {
            guard let key = attempt.key(in: scope) else { continue }
            let values: [Value] = [
                .bytes(key), .time(now - TryLimits.window(of: scope)), end,
                .integer(Int64(limits.failures(in: scope) - 1)),
            ]
            history.reachedAt[scope] = try first(.failures(in: scope), values) { row throws(StoreError) in
                try row.time(0)
            }
        }
        return history
    }

    fileprivate func count(
        _ attempt: AuthenticationTry, under limits: TryLimits, at now: UnixTime
    ) throws(StoreError) {
        try run(
            .insertFailure,
            [
                .bytes(attempt.pair), .bytes(attempt.network), .bytes(attempt.site), .bytes(attempt.account),
                .time(now),
            ])
        try run(.deleteSurplusFailures, [.integer(SQLiteStore.maximumFailures)])
        // As many old ones go as came, and a few more, so that nobody has to come by and sweep.
        try run(.sweepFailures, [.time(now - limits.retention), .time(now + limits.retention)])
    }
}

extension Query {
    fileprivate static func failures(in scope: FailureHistory.Scope) -> Query {
        switch scope {
        case .network: failuresOfNetwork
        case .site: failuresOfSite
        case .account: failuresOfAccount
        }
    }

    fileprivate static let failuresInRow = Query(
        """
        SELECT count(*), max(at) FROM
        (SELECT at FROM failure WHERE pair = ? AND at > ? AND at <= ? ORDER BY at DESC LIMIT ?)
        """)
    fileprivate static let failuresOfNetwork = Query(
        "SELECT at FROM failure WHERE network = ? AND at > ? AND at <= ? ORDER BY at DESC LIMIT 1 OFFSET ?")
    fileprivate static let failuresOfSite = Query(
        "SELECT at FROM failure WHERE site = ? AND at > ? AND at <= ? ORDER BY at DESC LIMIT 1 OFFSET ?")
    fileprivate static let failuresOfAccount = Query(
        "SELECT at FROM failure WHERE account = ? AND at > ? AND at <= ? ORDER BY at DESC LIMIT 1 OFFSET ?")
    fileprivate static let endRow = Query("UPDATE failure SET pair = NULL WHERE pair = ?")
    fileprivate static let insertFailure = Query(
        "INSERT INTO failure (pair, network, site, account, at) VALUES (?, ?, ?, ?, ?)")
    // Each new id is one above the highest, so the rows are never more than the ids from the lowest to the highest.
    fileprivate static let deleteSurplusFailures = Query(
        "DELETE FROM failure WHERE id <= (SELECT max(id) FROM failure) - ?")
    fileprivate static let sweepFailures = Query(
        """
        DELETE FROM failure WHERE id IN (SELECT id FROM failure ORDER BY id LIMIT 4) AND (at <= ? OR at > ?)
        """)
}
