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
            let row = try connection.failuresInRow(of: attempt.pair, under: limits, at: now)
            if let next = try connection.nextTry(of: attempt, after: row, under: limits, at: now), next > now {
                return .limited(until: next)
            }
            if isRight {
                if row != nil { try connection.run(.endRow, [.bytes(attempt.pair)]) }
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
    /// The failures of a pair since its last success, as far as they make a difference.
    fileprivate typealias FailuresInRow = (count: Int, lastAt: UnixTime)

    fileprivate func failuresInRow(
        of pair: [UInt8], under limits: TryLimits, at now: UnixTime
    ) throws(StoreError) -> FailuresInRow? {
        let values: [Value] = [
            .bytes(pair), .time(now - limits.forgetting), .time(now + TryLimits.clockTolerance),
            .integer(Int64(limits.failuresInRow)),
        ]
        let row = try first(.failuresInRow, values) { row throws(StoreError) in
            (count: Int(try row.integer(0)), lastAt: try row.optional(1, row.time))
        }
        guard let row, let lastAt = row.lastAt else { return nil }
        return (row.count, lastAt)
    }

    /// Returns when a try like this is next heard, by each of the failures that count; `nil` if none do.
    fileprivate func nextTry(
        of attempt: AuthenticationTry, after row: FailuresInRow?, under limits: TryLimits, at now: UnixTime
    ) throws(StoreError) -> UnixTime? {
        let windows: [(Query, key: [UInt8]?, limit: Int, window: Duration)] = [
            (.failuresOfNetwork, attempt.network, limits.networkFailures, TryLimits.networkWindow),
            (.failuresOfSite, attempt.site, limits.networkFailures, TryLimits.networkWindow),
            (.failuresOfAccount, attempt.account, limits.accountFailures, TryLimits.accountWindow),
        ]
        var next = row.flatMap { limits.nextTry(afterFailures: $0.count, lastAt: $0.lastAt) }
        for (query, key, limit, window) in windows {
            guard let key else { continue }
            // The limit is reached while the failure that made it so many is in the window.
            let values: [Value] = [
                .bytes(key), .time(now - window), .time(now + TryLimits.clockTolerance), .integer(Int64(limit - 1)),
            ]
            let reached = try first(query, values) { row throws(StoreError) in try row.time(0) }
            if let reached { next = max(next ?? reached, reached + window) }
        }
        return next
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
