// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
internal import LanyardCrypto
package import LanyardPasswords
package import LanyardStore

/// The rules of adding, finding, changing and removing accounts.
package struct Accounts: Sendable {
    /// What a call is completed with, once.
    package typealias Completion<Value> = @Sendable (Result<Value, AccountError>) -> Void

    private let store: any Store
    private let lanes: PasswordLanes
    private let seal: PasswordSeal
    private let now: @Sendable () -> UnixTime

    /// Creates the rules over a store.
    package init(
        store: any Store, lanes: PasswordLanes, seal: PasswordSeal, now: @escaping @Sendable () -> UnixTime
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
    ///   - completion: Called with the account as it is stored.
    package func add(_ new: NewAccount, password: NewPassword, completion: @escaping Completion<Account>) {
        let id = Account.makeID()
        sealedHash(of: password, account: id) { [store, now] result in
            switch result {
            case .failure(let error):
                completion(.failure(error))
            case .success(let sealed):
                let account = Account(
                    id: id, name: new.name.text, nameKey: new.name.key, email: new.email, roles: new.roles,
                    claims: new.claims.text, password: sealed.sealed, scheme: sealed.scheme, createdAt: now())
                store.add(account) { result in
                    completion(result.map { account }.mapError { $0 == .conflict ? .nameTaken : .store($0) })
                }
            }
        }
    }

    /// Finds the account that logs in with `name`.
    package func account(named name: String, completion: @escaping Completion<Account>) {
        guard let name = try? AccountName(presented: name) else { return completion(.failure(.notFound)) }
        store.account(nameKey: name.key) { result in
            completion(
                result.mapError(AccountError.store).flatMap { account in
                    account.map(Result.success) ?? .failure(.notFound)
                })
        }
    }

    /// Reads up to `limit` accounts in the order of their names, those after `nameKey`, or the first ones.
    package func accounts(after nameKey: String?, limit: Int, completion: @escaping Completion<[Account]>) {
        store.accounts(after: nameKey, limit: limit) { completion($0.mapError(AccountError.store)) }
    }

    /// Removes the account and its sessions; completes with those that were not over.
    package func remove(named name: String, completion: @escaping Completion<[EndedSession]>) {
        account(named: name) { [store, now] result in
            switch result {
            case .failure(let error):
                completion(.failure(error))
            case .success(let account):
                store.removeAccount(id: account.id, at: now()) { completion(Self.found($0)) }
            }
        }
    }

    /// Disables the account, which ends its sessions for good, or enables it.
    ///
    /// The step is made also if the account seems to be so already: what is ordered holds, whatever others do meanwhile.
    package func setDisabled(
        _ isDisabled: Bool, named name: String, completion: @escaping Completion<DisabledChange>
    ) {
        account(named: name) { [store, now] result in
            switch result {
            case .failure(let error):
                completion(.failure(error))
            case .success(let account):
                store.setDisabled(isDisabled, account: account.id, at: now()) { result in
                    completion(
                        Self.found(result).map { DisabledChange(wasDisabled: account.disabledAt != nil, ended: $0) })
                }
            }
        }
    }

    /// Changes the roles of the account, whatever others change meanwhile.
    ///
    /// Tokens have the roles from the next refresh on; no session ends.
    package func changeRoles(_ edit: RoleEdit, named name: String, completion: @escaping Completion<RoleChange>) {
        changeRoles(edit, named: name, triesLeft: Self.tries, completion)
    }

    private func changeRoles(
        _ edit: RoleEdit, named name: String, triesLeft: Int, _ completion: @escaping Completion<RoleChange>
    ) {
        account(named: name) { [self] result in
            let account: Account
            let change: RoleChange
            do throws(AccountError) {
                account = try result.get()
                change = try edit.change(of: account)
            } catch {
                return completion(.failure(error))
            }
            guard change.isChange else { return completion(.success(change)) }
            store.setRoles(change.roles, ofAccount: account.id, ifStill: account.roles) { result in
                switch result {
                case .success(true): completion(.success(change))
                case .success(false) where triesLeft > 1:
                    changeRoles(edit, named: name, triesLeft: triesLeft - 1, completion)
                case .success(false): completion(.failure(.store(.unavailable)))
                case .failure(let error): completion(.failure(.store(error)))
                }
            }
        }
    }

    /// Finds out whether `password` is that of the account.
    package func isPassword(_ password: String, named name: String, completion: @escaping Completion<Bool>) {
        account(named: name) { [lanes, seal] result in
            switch result {
            case .failure(let error):
                completion(.failure(error))
            case .success(let account):
                guard let stored = try? seal.open(account.password, account: account.id) else {
                    return completion(.failure(.internal))
                }
                let check = PasswordCheck(Password(password), against: stored, upgrades: false)
                let admission = lanes.verify(check, for: .known) { result in
                    completion(result.map { $0 != .wrong }.mapError(AccountError.init))
                }
                if admission != .accepted { completion(.failure(.overloaded)) }
            }
        }
    }

    /// Sets a new password that `policy` accepts and ends every session of the account; completes with those.
    package func setPassword(
        _ password: String, policy: PasswordPolicy, named name: String,
        completion: @escaping Completion<[EndedSession]>
    ) {
        setPassword(named: name, completion: completion) { account throws(PasswordPolicyError) in
            try policy.accept(password, otherThan: account.contextWords)
        }
    }

    /// Sets a new password that was accepted before and ends every session of the account; completes with those.
    package func setPassword(
        _ password: NewPassword, named name: String, completion: @escaping Completion<[EndedSession]>
    ) {
        setPassword(named: name, completion: completion) { _ in password }
    }

    private func setPassword(
        named name: String, completion: @escaping Completion<[EndedSession]>,
        accepting accept: @escaping @Sendable (Account) throws(PasswordPolicyError) -> NewPassword
    ) {
        account(named: name) { [self] result in
            switch result {
            case .failure(let error):
                completion(.failure(error))
            case .success(let account):
                let accepted: NewPassword
                do throws(PasswordPolicyError) {
                    accepted = try accept(account)
                } catch {
                    return completion(.failure(.password(error)))
                }
                sealedHash(of: accepted, account: account.id) { result in
                    switch result {
                    case .failure(let error):
                        completion(.failure(error))
                    case .success(let sealed):
                        store.setPassword(sealed, ofAccount: account.id, PasswordConditions(), at: now()) {
                            completion(Self.found($0))
                        }
                    }
                }
            }
        }
    }

    private func sealedHash(
        of password: NewPassword, account id: String, completion: @escaping Completion<StoredPassword>
    ) {
        let admission = lanes.hash(password, for: .known) { [seal] result in
            completion(
                result.mapError(AccountError.init).flatMap { hash in
                    (try? seal.stored(hash, account: id)).map(Result.success) ?? .failure(.internal)
                })
        }
        if admission != .accepted { completion(.failure(.overloaded)) }
    }

    /// How often roles are decided on anew; people change them, and one at a time.
    private static let tries = 100

    private static func found<Value>(_ result: Result<Value?, StoreError>) -> Result<Value, AccountError> {
        result.mapError(AccountError.store).flatMap { $0.map(Result.success) ?? .failure(.notFound) }
    }
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
    static func makeID() -> String { Base64URL.encode(SecureRandom.bytes(16)) }

    /// What the account is known by, and so the first that is guessed.
    var contextWords: [String] { [name, email].compactMap(\.self) }
}
