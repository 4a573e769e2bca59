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
        let keys = try keys()
        let secrets = try secrets()
        let foundation = try first(.selectMeta) { row throws(StoreError) in
            Foundation(
                isDevelopment: try row.integer(0) != 0, longestAccessLifetime: .milliseconds(try row.integer(1)),
                keyVersion: try row.integer(2), keys: keys, secrets: secrets, isNew: isNew)
        }
        guard let foundation else { throw .damaged }
        return foundation
    }

    fileprivate func insert(_ founding: Founding) throws(StoreError) {
        try run(.insertMeta, [.integer(founding.isDevelopment ? 1 : 0)])
        for key in founding.keys { try put(key) }
        for secret in founding.secrets { try put(secret) }
    }
}

extension Query {
    fileprivate static let insertMeta = Query("INSERT INTO meta (dev) VALUES (?)")
    fileprivate static let selectMeta = Query("SELECT dev, longest_access_lifetime, key_version FROM meta")
    fileprivate static let selectLongestAccessLifetime = Query("SELECT longest_access_lifetime FROM meta")
    fileprivate static let raiseLongestAccessLifetime = Query(
        """
        UPDATE meta SET longest_access_lifetime = ?1, epoch = epoch + 1, key_version = key_version + 1
        WHERE longest_access_lifetime < ?1
        """)
}
