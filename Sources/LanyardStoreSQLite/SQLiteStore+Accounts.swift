// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func account(nameKey: String) async throws(StoreError) -> Account? {
        try await read { connection throws(StoreError) in
            try connection.first(.accountByNameKey, [.text(nameKey)], Account.init(row:))
        }
    }

    package func account(id: AccountID) async throws(StoreError) -> Account? {
        try await read { connection throws(StoreError) in try connection.account(id: id) }
    }

    package func accounts(after nameKey: String?, limit: Int) async throws(StoreError) -> [Account] {
        try await read { connection throws(StoreError) in
            guard let nameKey else {
                return try connection.all(.firstAccounts, [.integer(Int64(limit))], Account.init(row:))
            }
            return try connection.all(
                .accountsAfter, [.text(nameKey), .integer(Int64(limit))], Account.init(row:))
        }
    }

    package func add(_ account: Account) async throws(StoreError) {
        try await write { connection throws(StoreError) in
            // The `sub` of a token names one of both.
            guard try connection.client(id: ClientID(account.id.text)) == nil else { throw .conflict }
            try connection.run(
                .insertAccount,
                [
                    .id(account.id), .text(account.name), .text(account.nameKey), .text(account.email),
                    .list(account.roles), .text(account.claims), .bytes(account.password), .integer(account.epoch),
                    .time(account.disabledAt), .time(account.createdAt), .time(account.lastLoginAt),
                    .text(account.scheme),
                ])
        }
    }

    package func removeAccount(id: AccountID, at now: UnixTime) async throws(StoreError) -> [EndedSession]? {
        let limit = limits.sessionsPerStep
        return try await writeInPortions { connection, before throws(StoreError) in
            // Ended first, though the rows go: that tells which were not over, and sets their bits.
            let (ended, isLast) = try connection.endSessions(.init(account: id, cause: .removed), limit: limit, at: now)
            guard isLast, try connection.run(.deleteSessionsOfAccount, [.id(id), .integer(Int64(limit))]) < limit
            else { return .more(ended) }
            return .done(try connection.run(.deleteAccount, [.id(id)]) == 1 ? before.followed(by: ended) : nil)
        }
    }

    package func setPassword(
        _ password: StoredPassword, ofAccount id: AccountID, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        let limit = limits.sessionsPerStep
        return try await writeInPortions { connection, before throws(StoreError) in
            if let kept = conditions.kept {
                guard let session = try connection.session(id: kept), session.endedAt == nil else { return .done(nil) }
            }
            guard let account = try connection.account(id: id), conditions.epoch.map({ $0 == account.epoch }) ?? true
            else { return .done(nil) }
            let scope = Connection.EndingOfAccount(account: id, kept: conditions.kept, cause: .password)
            let (ended, isLast) = try connection.endSessions(scope, limit: limit, at: now)
            guard isLast else { return .more(ended) }
            // Last, with the last of the sessions: one that is opened meanwhile with the old password ends too.
            try connection.run(.setPassword, [.bytes(password.sealed), .id(id), .text(password.scheme)])
            return .done(before.followed(by: ended))
        }
    }

    package func setDisabled(
        _ isDisabled: Bool, account id: AccountID, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        let limit = limits.sessionsPerStep
        return try await writeInPortions { connection, before throws(StoreError) in
            guard isDisabled else { return .done(try connection.run(.enable, [.id(id)]) == 1 ? [] : nil) }
            // First, so that no session is opened or refreshed while the others end. Again with each portion, so that what
            // is ordered holds whatever others do meanwhile.
            guard try connection.run(.disable, [.id(id), .time(now)]) == 1 else { return .done(nil) }
            let scope = Connection.EndingOfAccount(account: id, cause: .disabled)
            let (ended, isLast) = try connection.endSessions(scope, limit: limit, at: now)
            return isLast ? .done(before.followed(by: ended)) : .more(ended)
        }
    }

    package func setRoles(
        _ roles: Roles, ofAccount id: AccountID, ifStill expected: Roles
    ) async throws(StoreError) -> Bool {
        try await write { connection throws(StoreError) in
            try connection.run(.setRoles, [.list(roles), .id(id), .list(expected)]) == 1
        }
    }

    package func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: AccountID
    ) async throws(StoreError) -> Bool {
        try await write { connection throws(StoreError) in
            try connection.run(
                .replacePassword, [.bytes(password.sealed), .text(password.scheme), .id(id), .bytes(expected)]) == 1
        }
    }
}

extension Connection {
    func account(id: AccountID) throws(StoreError) -> Account? {
        try first(.accountByID, [.id(id)], Account.init(row:))
    }
}

extension Account {
    fileprivate init(row: Statement) throws(StoreError) {
        self.init(
            id: try row.id(0), name: try row.text(1), nameKey: try row.text(2), email: try row.optional(3, row.text),
            roles: try row.list(4), claims: try row.text(5), password: try row.bytes(6), createdAt: try row.time(7))
        epoch = try row.integer(8)
        disabledAt = try row.optional(9, row.time)
        lastLoginAt = try row.optional(10, row.time)
        scheme = try row.optional(11, row.text)
    }

    fileprivate static let columns =
        "id, name, name_key, email, roles, claims, password, created_at, epoch, disabled_at, last_login_at, scheme"
}

extension Query {
    fileprivate static let accountByID = Query("SELECT \(Account.columns) FROM account WHERE id = ?")
    fileprivate static let accountByNameKey = Query("SELECT \(Account.columns) FROM account WHERE name_key = ?")
    fileprivate static let firstAccounts = Query(
        "SELECT \(Account.columns) FROM account ORDER BY name_key LIMIT ?")
    fileprivate static let accountsAfter = Query(
        "SELECT \(Account.columns) FROM account WHERE name_key > ? ORDER BY name_key LIMIT ?")
    fileprivate static let insertAccount = Query(
        """
        INSERT INTO account
        (id, name, name_key, email, roles, claims, password, epoch, disabled_at, created_at, last_login_at, scheme)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    fileprivate static let deleteAccount = Query("DELETE FROM account WHERE id = ?")
    fileprivate static let deleteSessionsOfAccount = Query(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE account_id = ? LIMIT ?)")
    fileprivate static let setPassword = Query(
        "UPDATE account SET password = ?1, scheme = ?3, epoch = epoch + 1 WHERE id = ?2")
    fileprivate static let disable = Query(
        "UPDATE account SET disabled_at = coalesce(disabled_at, ?2), epoch = epoch + 1 WHERE id = ?1")
    fileprivate static let enable = Query("UPDATE account SET disabled_at = NULL WHERE id = ?")
    fileprivate static let setRoles = Query("UPDATE account SET roles = ? WHERE id = ? AND roles = ?")
    fileprivate static let replacePassword = Query(
        "UPDATE account SET password = ?, scheme = ? WHERE id = ? AND password = ?")
}
