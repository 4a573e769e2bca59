// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

/// The release that knew four migrations and no more, by the statements that it executes.
///
/// It must be able to go back to a store that this release has migrated, and to use it beside this release.
@Suite(.timeLimit(.minutes(5))) struct `SQLite store: the release of schema 4` {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("store.sqlite3")
        try folder.write([], to: "store.sqlite3")
    }

    /// Executes statements on a connection of their own, as another process would.
    func execute(_ script: String) throws {
        let queue = DispatchQueue(label: "old release")
        let path = path
        try queue.sync {
            let connection = try Connection(path: path, on: queue)
            try connection.execute("PRAGMA foreign_keys = ON;" + script)
        }
    }

    static let founding = """
        PRAGMA application_id = \(0x4C6E_7964); PRAGMA user_version = 4; PRAGMA journal_mode = WAL;
        INSERT INTO meta (dev) VALUES (0);
        """

    static func use(_ name: String) -> String {
        """
        INSERT INTO key (
            kid, algorithm, state, public_key, private_key, created_at, signs_from, lead, retired_at, gone_at, left_at,
            revoked_at)
        VALUES ('\(name)', 'ES256', 'next', x'01', x'02', 1, 1, 0, NULL, NULL, NULL, NULL)
        ON CONFLICT (kid) DO UPDATE SET state = excluded.state;
        INSERT INTO secret (id, purpose, sealed, created_at) VALUES ('\(name)', 'refresh', x'01', 1);
        INSERT INTO account
        (id, name, name_key, email, roles, claims, password, epoch, disabled_at, created_at, last_login_at)
        VALUES ('\(name)', '\(name)', '\(name)', NULL, '[]', '{}', x'01', 1, NULL, 1, NULL);
        UPDATE account SET last_login_at = 2 WHERE id = '\(name)' AND epoch = 1 AND disabled_at IS NULL;
        INSERT INTO session
        (id, account_id, current, previous, rotated_at, created_at, tokens_until, sweep_at, audience, roles, delivery,
        label, network, list, idx)
        VALUES ('\(name)', '\(name)', 1, 0, 5, 5, 9, 99, '["lanyard"]', NULL, 'body', NULL, NULL, 1, (
            SELECT count(*) FROM session));
        UPDATE session SET current = 2, previous = 1, rotated_at = 6, tokens_until = 10
        WHERE id = '\(name)' AND current = 1 AND previous = 0 AND rotated_at = 5 AND ended_at IS NULL;
        UPDATE session SET ended_at = 7, cause = 'logout',
            sweep_at = min(sweep_at, tokens_until + iif(list IS NULL, 0, 60000))
        WHERE account_id = '\(name)' AND ended_at IS NULL AND id IS NOT NULL RETURNING id;
        INSERT INTO client (id, secret_hash, roles, created_at) VALUES ('client-\(name)', x'01', '[]', 1);
        INSERT INTO failure (pair, network, site, account, at) VALUES (x'01', x'02', NULL, x'03', 1);
        DELETE FROM failure WHERE id <= (SELECT max(id) FROM failure) - 1000000;
        UPDATE meta SET longest_access_lifetime = 900000, epoch = epoch + 1, key_version = key_version + 1
        WHERE longest_access_lifetime < 900000;
        """
    }

    @Test func `can use a store that this one has migrated`() async throws {
        for migration in Schema.current.migrations.prefix(4) { try execute(migration.script) }
        try execute(Self.founding + Self.use("before"))
        let store = SQLiteStore(path: path)
        defer { store.close() }
        let foundation = try #require(try await store.foundation())
        #expect(foundation.keys.map(\.kid) == ["before"])

        // What it looks at to find out whether it may, and then all that it does.
        let version = try await store.read { connection throws(StoreError) in
            try connection.integer("PRAGMA user_version")
        }
        #expect(version == 4)
        try execute(Self.use("after"))
        for name in ["before", "after"] {
            let owned = try #require(try await store.session(id: SessionID(name)))
            #expect(owned.session.cause == .logout)
            #expect(owned.account.lastLoginAt == UnixTime(milliseconds: 2))
            #expect(try await store.client(id: "client-\(name)") != nil)
        }
        let bits = try await store.statusBits(after: nil, limit: 9, at: UnixTime(milliseconds: 0))
        #expect(bits.count == 2)
        let record = try await store.recordClock(at: Fixture.start, replacing: nil)
        #expect(record == Fixture.start)
    }
}
