// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
package import LanyardPasswords
package import LanyardStore

/// The rules of adding, finding, changing and removing accounts.
package struct Accounts: Sendable {
    private let store: any AccountStore
    private let lanes: PasswordLanes
    private let seal: PasswordSeal
    private let now: @Sendable () -> UnixTime

    /// Creates the rules over a store.
    package init(
        store: any AccountStore, lanes: PasswordLanes, seal: PasswordSeal, now: @escaping @Sendable () -> UnixTime
    ) {
        self.store = store
        self.lanes = lanes
        self.seal = seal
        self.now = now
    }

    /// Adds an account.
    ///
    /// - Parameters:
    ///   - new: The account.
    ///   - password: Its password, which a policy has accepted.
    /// - Returns: The account as it is stored.
    /// - Throws: ``AccountError/nameTaken``, or what the store or a lane fails with.
    package func add(_ new: NewAccount, password: NewPassword) async throws(AccountError) -> Account {
        let id = Account.makeID()
        let sealed = try await sealedHash(of: password, account: id)
        let account = Account(
            id: id, name: new.name.text, nameKey: new.name.key, email: new.email, roles: new.roles,
            claims: new.claims.text, password: sealed.sealed, scheme: sealed.scheme, createdAt: now())
        do throws(StoreError) {
            try await store.add(account)
        } catch {
            throw error == .conflict ? .nameTaken : .store(error)
        }
        return account
    }

    /// Returns the account that logs in with `name`.
    package func account(named name: String) async throws(AccountError) -> Account {
        try await store.account(named: name)
    }

    /// Reads up to `limit` accounts in the order of their names, those after `nameKey`, or the first ones.
    package func accounts(after nameKey: String?, limit: Int) async throws(AccountError) -> [Account] {
        try await rethrowing(as: AccountError.store, await store.accounts(after: nameKey, limit: limit))
    }

    /// Removes the account and its sessions; returns those that were not over.
    package func remove(named name: String) async throws(AccountError) -> [EndedSession] {
        let account = try await account(named: name)
        return try await found(await store.removeAccount(id: account.id, at: now()))
    }

    /// Disables the account, which ends its sessions for good, or enables it.
    ///
    /// The step is made also if the account seems to be so already: what is ordered holds, whatever others do meanwhile.
    package func setDisabled(_ isDisabled: Bool, named name: String) async throws(AccountError) -> DisabledChange {
        let account = try await account(named: name)
        let ended = try await found(await store.setDisabled(isDisabled, account: account.id, at: now()))
        return DisabledChange(wasDisabled: account.disabledAt != nil, ended: ended)
    }

    /// Changes the roles of the account, whatever others change meanwhile.
    ///
    /// Tokens have the roles from the next refresh on; no session ends.
    package func changeRoles(_ edit: RoleEdit, named name: String) async throws(AccountError) -> RoleChange {
        for _ in 0..<Self.tries {
            let account = try await account(named: name)
            let change = try edit.change(of: account)
            guard change.isChange else { return change }
            let isSet = try await rethrowing(
                as: AccountError.store,
                await store.setRoles(change.roles, ofAccount: account.id, ifStill: account.roles))
            if isSet { return change }
        }
        throw .store(.unavailable)
    }

    /// Finds out whether `password` is that of the account.
    package func isPassword(_ password: String, named name: String) async throws(AccountError) -> Bool {
        let account = try await account(named: name)
        guard let stored = try? seal.open(account.password, account: account.id) else { throw .internal }
        let check = PasswordCheck(Password(password), against: stored, upgrades: false)
        return try await rethrowing(as: AccountError.init, await lanes.verify(check, for: .known)) != .wrong
    }

    /// Sets a new password that `policy` accepts and ends every session of the account; returns those.
    package func setPassword(
        _ password: String, policy: PasswordPolicy, named name: String
    ) async throws(AccountError) -> [EndedSession] {
        let account = try await account(named: name)
        let accepted: NewPassword
        do throws(PasswordPolicyError) {
            accepted = try policy.accept(password, otherThan: account.contextWords)
        } catch {
            throw .password(error)
        }
        return try await setPassword(accepted, of: account)
    }

    /// Sets a new password that was accepted before and ends every session of the account; returns those.
    package func setPassword(_ password: NewPassword, named name: String) async throws(AccountError) -> [EndedSession] {
        try await setPassword(password, of: try await account(named: name))
    }

    private func setPassword(_ password: NewPassword, of account: Account) async throws(AccountError) -> [EndedSession]
    {
        let sealed = try await sealedHash(of: password, account: account.id)
        return try await found(
            await store.setPassword(sealed, ofAccount: account.id, PasswordConditions(), at: now()))
    }

    private func sealedHash(
        of password: NewPassword, account id: AccountID
    ) async throws(AccountError) -> StoredPassword {
        let hash = try await rethrowing(as: AccountError.init, await lanes.hash(password, for: .known))
        guard let sealed = try? seal.stored(hash, account: id) else { throw .internal }
        return sealed
    }

    /// How often roles are decided on anew; people change them, and one at a time.
    private static let tries = 100
}

/// Makes a step of the store that returns `nil` if there is no such account.
private func found<Value>(
    _ step: @autoclosure () async throws(StoreError) -> Value?
) async throws(AccountError) -> Value {
    guard let value = try await rethrowing(as: AccountError.store, await step()) else { throw .notFound }
    return value
}

extension NewAccount {
    /// Returns the password that the account may be added with.
    ///
    /// - Throws: ``AccountError/password(_:)`` if `policy` refuses it.
    package func accept(_ password: String, under policy: PasswordPolicy) throws(AccountError) -> NewPassword {
        do throws(PasswordPolicyError) {
            return try policy.accept(password, otherThan: [name.text, email].compactMap(\.self))
        } catch {
            throw .password(error)
        }
    }
}

extension Account {
    /// Draws an id: 22 characters of 128 random bits.
    static func makeID() -> AccountID { AccountID(Base64URL.encode(SecureRandom.bytes(16))) }

    /// What the account is known by, and so the first that is guessed.
    var contextWords: [String] { [name, email].compactMap(\.self) }
}
