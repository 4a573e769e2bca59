// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func keyVersion() async throws(StoreError) -> Int64 {
        try await read { connection throws(StoreError) in
            let version = try connection.first(.selectKeyVersion) { row throws(StoreError) in try row.integer(0) }
            guard let version else { throw .damaged }
            return version
        }
    }

    package func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool {
        try await write { connection throws(StoreError) in
            guard try connection.run(.raiseKeyVersion, [.integer(version)]) == 1 else { return false }
            for kid in change.removedKeys { try connection.run(.deleteKey, [.id(kid)]) }
            for key in change.keys { try connection.put(key) }
            for id in change.removedSecrets { try connection.run(.deleteSecret, [.id(id)]) }
            for secret in change.secrets { try connection.put(secret) }
            return true
        }
    }
}

extension Connection {
    /// Reads all keys, oldest first.
    func keys() throws(StoreError) -> [KeyRecord] {
        try all(.selectKeys) { row throws(StoreError) in try KeyRecord(row: row) }
    }

    /// Reads all secrets, oldest first.
    func secrets() throws(StoreError) -> [SecretRecord] {
        try all(.selectSecrets) { row throws(StoreError) in try SecretRecord(row: row) }
    }

    /// Stores a key, in the place of the one with the same `kid` if there is one.
    func put(_ key: KeyRecord) throws(StoreError) {
        try run(
            .putKey,
            [
                .id(key.kid), .text(key.algorithm), .text(key.state.rawValue), .bytes(key.publicKey),
                .bytes(key.sealedPrivateKey), .time(key.createdAt), .time(key.signsFrom),
                .integer(key.lead.milliseconds), .time(key.retiredAt), .time(key.goneAt), .time(key.leftAt),
                .time(key.revokedAt),
            ])
    }

    /// Stores a secret, in the place of the one with the same id if there is one.
    func put(_ secret: SecretRecord) throws(StoreError) {
        try run(
            .putSecret,
            [.id(secret.id), .text(secret.purpose.rawValue), .bytes(secret.sealed), .time(secret.createdAt)])
    }
}

extension KeyRecord {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            kid: try row.id(0), algorithm: try row.text(1), state: try row.word(2), publicKey: try row.bytes(3),
            sealedPrivateKey: try row.optional(4, row.bytes), createdAt: try row.time(5), signsFrom: try row.time(6),
            lead: .milliseconds(try row.integer(7)))
        retiredAt = try row.optional(8, row.time)
        goneAt = try row.optional(9, row.time)
        leftAt = try row.optional(10, row.time)
        revokedAt = try row.optional(11, row.time)
    }
}

extension SecretRecord {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.id(0), purpose: try row.word(1), sealed: try row.bytes(2), createdAt: try row.time(3))
    }
}

extension Query {
    fileprivate static let selectKeyVersion = Query("SELECT key_version FROM meta")
    fileprivate static let raiseKeyVersion = Query(
        "UPDATE meta SET key_version = key_version + 1, epoch = epoch + 1 WHERE key_version = ?")
    fileprivate static let putKey = Query(
        """
        INSERT INTO key (
            kid, algorithm, state, public_key, private_key, created_at, signs_from, lead, retired_at, gone_at, left_at,
            revoked_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (kid) DO UPDATE SET
            algorithm = excluded.algorithm, state = excluded.state, public_key = excluded.public_key,
            private_key = excluded.private_key, created_at = excluded.created_at, signs_from = excluded.signs_from,
            lead = excluded.lead, retired_at = excluded.retired_at, gone_at = excluded.gone_at,
            left_at = excluded.left_at, revoked_at = excluded.revoked_at
        """)
    fileprivate static let selectKeys = Query(
        """
        SELECT
            kid, algorithm, state, public_key, private_key, created_at, signs_from, lead, retired_at, gone_at, left_at,
            revoked_at
        FROM key ORDER BY position
        """)
    fileprivate static let deleteKey = Query("DELETE FROM key WHERE kid = ?")
    fileprivate static let putSecret = Query(
        """
        INSERT INTO secret (id, purpose, sealed, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            purpose = excluded.purpose, sealed = excluded.sealed, created_at = excluded.created_at
        """)
    fileprivate static let selectSecrets = Query(
        "SELECT id, purpose, sealed, created_at FROM secret ORDER BY position")
    fileprivate static let deleteSecret = Query("DELETE FROM secret WHERE id = ?")
}
