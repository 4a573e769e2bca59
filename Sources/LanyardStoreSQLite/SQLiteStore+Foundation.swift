// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func open(
        founding: @escaping @Sendable () throws -> Founding, completion: @escaping Completion<Foundation>
    ) {
        let file = file
        found(completion: completion) { connection throws(StoreError) in
            // Tables and foundation come into being together, so that a store with tables and without a foundation is
            // a damaged one.
            let isNew = try connection.integer("PRAGMA user_version") == 0
            if isNew {
                let founding: Founding = try Self.made(by: founding)
                try file.migrate(connection)
                try connection.insert(founding)
            }
            return try connection.foundation(isNew: isNew)
        }
    }

    package func foundation(completion: @escaping Completion<Foundation?>) {
        readIfFounded(completion: completion) { connection throws(StoreError) in
            try connection.foundation(isNew: false)
        }
    }

    package func raiseLongestAccessLifetime(to lifetime: Duration, completion: @escaping Completion<Void>) {
        write(completion: completion) { connection throws(StoreError) in
            try connection.run(.raiseLongestAccessLifetime, [.integer(lifetime.milliseconds)])
        }
    }

    package func ping(completion: @escaping Completion<Void>) {
        // As a step that may write, so that a store that can be read and not written does not pass for one that answers.
        write(completion: completion) { connection throws(StoreError) in
            _ = try connection.longestAccessLifetime()
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
    /// Reads the longest access lifetime that any replica has used.
    func longestAccessLifetime() throws(StoreError) -> Duration {
        let lifetime = try first(.selectLongestAccessLifetime) { row throws(StoreError) in
            Duration.milliseconds(try row.integer(0))
        }
        guard let lifetime else { throw .damaged }
        return lifetime
    }

    fileprivate func foundation(isNew: Bool) throws(StoreError) -> Foundation {
        let keys = try all(.selectKeys) { row throws(StoreError) in try KeyRecord(row: row) }
        let secrets = try all(.selectSecrets) { row throws(StoreError) in try SecretRecord(row: row) }
        let foundation = try first(.selectMeta) { row throws(StoreError) in
            Foundation(
                isDevelopment: try row.integer(0) != 0, longestAccessLifetime: .milliseconds(try row.integer(1)),
                keys: keys, secrets: secrets, isNew: isNew)
        }
        guard let foundation else { throw .damaged }
        return foundation
    }

    fileprivate func insert(_ founding: Founding) throws(StoreError) {
        try run(.insertMeta, [.integer(founding.isDevelopment ? 1 : 0)])
        for key in founding.keys {
            try run(
                .insertKey,
                [
                    .text(key.kid), .text(key.algorithm), .text(key.state.rawValue), .bytes(key.publicKey),
                    .bytes(key.sealedPrivateKey), .time(key.createdAt), .time(key.signsFrom), .time(key.retiredAt),
                    .time(key.goneAt),
                ])
        }
        for secret in founding.secrets {
            try run(
                .insertSecret,
                [.text(secret.id), .text(secret.purpose.rawValue), .bytes(secret.sealed), .time(secret.createdAt)])
        }
    }
}

extension KeyRecord {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            kid: try row.text(0), algorithm: try row.text(1), state: try row.word(2), publicKey: try row.bytes(3),
            sealedPrivateKey: try row.optional(4, row.bytes), createdAt: try row.time(5), signsFrom: try row.time(6))
        retiredAt = try row.optional(7, row.time)
        goneAt = try row.optional(8, row.time)
    }
}

extension SecretRecord {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.text(0), purpose: try row.word(1), sealed: try row.bytes(2), createdAt: try row.time(3))
    }
}

extension Query {
    fileprivate static let insertMeta = Query("INSERT INTO meta (dev) VALUES (?)")
    fileprivate static let selectMeta = Query("SELECT dev, longest_access_lifetime FROM meta")
    fileprivate static let selectLongestAccessLifetime = Query("SELECT longest_access_lifetime FROM meta")
    fileprivate static let raiseLongestAccessLifetime = Query(
        "UPDATE meta SET longest_access_lifetime = ?1, epoch = epoch + 1 WHERE longest_access_lifetime < ?1")
    fileprivate static let insertKey = Query(
        """
        INSERT INTO key (kid, algorithm, state, public_key, private_key, created_at, signs_from, retired_at, gone_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    fileprivate static let selectKeys = Query(
        """
        SELECT kid, algorithm, state, public_key, private_key, created_at, signs_from, retired_at, gone_at
        FROM key ORDER BY position
        """)
    fileprivate static let insertSecret = Query(
        "INSERT INTO secret (id, purpose, sealed, created_at) VALUES (?, ?, ?, ?)")
    fileprivate static let selectSecrets = Query(
        "SELECT id, purpose, sealed, created_at FROM secret ORDER BY position")
}
