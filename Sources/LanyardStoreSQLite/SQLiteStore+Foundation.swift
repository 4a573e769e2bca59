// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func open(
        founding: @escaping @Sendable () throws -> Founding
    ) async throws(StoreError) -> Foundation {
        let file = file
        return try await found { connection throws(StoreError) in
            // Tables and foundation come into being together, so that a store with tables and without a foundation is
            // a damaged one.
            let isNew = try connection.integer("PRAGMA user_version") == 0
            if isNew {
                let founding: Founding = try Self.made(by: founding)
                try file.migrate(connection)
                try connection.insert(founding, schemaVersion: file.schema.version)
            }
            return try connection.foundation(isNew: isNew)
        }
    }

    package func foundation() async throws(StoreError) -> Foundation? {
        try await readIfFounded { connection throws(StoreError) in
            try connection.foundation(isNew: false)
        }
    }

    package func raiseLongestAccessLifetime(to lifetime: Duration) async throws(StoreError) {
        try await write { connection throws(StoreError) in
            _ = try connection.run(.raiseLongestAccessLifetime, [.integer(lifetime.milliseconds)])
        }
    }

    package func ping() async throws(StoreError) {
        // As a step that may write, so that a store that can be read and not written does not pass for one that answers.
        try await write { connection throws(StoreError) in
            _ = try connection.times()
        }
    }

    package func recordClock(
        at now: UnixTime, replacing stale: UnixTime?
    ) async throws(StoreError) -> UnixTime {
        try await write { connection throws(StoreError) in
            let record = try connection.first(.recordClock, [.time(now), .time(stale)]) { row throws(StoreError) in
                try row.time(0)
            }
            guard let record else { throw .damaged }
            return record
        }
    }

    package func recordIssuer(_ issuer: String) async throws(StoreError) -> String? {
        try await write { connection throws(StoreError) in
            let before = try connection.first(.selectIssuer) { row throws(StoreError) in try row.optional(0, row.text) }
            guard let before else { throw .damaged }
            if before != issuer { try connection.run(.updateIssuer, [.text(issuer)]) }
            return before
        }
    }

    private static func made(by founding: () throws -> Founding) throws(StoreError) -> Founding {
        do {
            return try founding()
        } catch {
            throw .notFounded
        }
    }
}

extension Connection {
    /// Reads what the store remembers of the servers' settings and clocks.
    func times() throws(StoreError) -> StoreTimes {
        let times = try first(.selectTimes) { row throws(StoreError) in
            StoreTimes(
                longestAccessLifetime: .milliseconds(try row.integer(0)), clockRecord: try row.optional(1, row.time))
        }
        guard let times else { throw .damaged }
        return times
    }

    fileprivate func foundation(isNew: Bool) throws(StoreError) -> Foundation {
        let keys = try keys()
        let secrets = try secrets()
        let foundation = try first(.selectMeta) { row throws(StoreError) in
            var foundation = Foundation(
                isDevelopment: try row.integer(0) != 0, longestAccessLifetime: .milliseconds(try row.integer(1)),
                keyVersion: try row.integer(2), keys: keys, secrets: secrets, isNew: isNew)
            foundation.clockRecord = try row.optional(3, row.time)
            return foundation
        }
        guard let foundation else { throw .damaged }
        return foundation
    }

    fileprivate func insert(_ founding: Founding, schemaVersion: Int) throws(StoreError) {
        try run(.insertMeta, [.integer(founding.isDevelopment ? 1 : 0), .integer(Int64(schemaVersion))])
        for key in founding.keys { try put(key) }
        for secret in founding.secrets { try put(secret) }
    }
}

extension Query {
    fileprivate static let insertMeta = Query("INSERT INTO meta (dev, schema_version) VALUES (?, ?)")
    fileprivate static let selectMeta = Query("SELECT dev, longest_access_lifetime, key_version, clock_at FROM meta")
    fileprivate static let selectTimes = Query("SELECT longest_access_lifetime, clock_at FROM meta")
    fileprivate static let recordClock = Query(
        """
        UPDATE meta SET clock_at = iif(clock_at IS ?2, ?1, max(coalesce(clock_at, ?1), ?1)) RETURNING clock_at
        """)
    fileprivate static let selectIssuer = Query("SELECT issuer FROM meta")
    fileprivate static let updateIssuer = Query("UPDATE meta SET issuer = ?")
    fileprivate static let raiseLongestAccessLifetime = Query(
        """
        UPDATE meta SET longest_access_lifetime = ?1, epoch = epoch + 1, key_version = key_version + 1
        WHERE longest_access_lifetime < ?1
        """)
}
