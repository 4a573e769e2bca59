// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport

/// A store that passes every call on, but for what a test breaks.
class PassingStore: Store, @unchecked Sendable {
    // @unchecked Sendable because the only property is a constant that is Sendable itself.
    let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    func open(founding: @escaping @Sendable () throws -> Founding, completion: @escaping Completion<Foundation>) {
        store.open(founding: founding, completion: completion)
    }

    func foundation(completion: @escaping Completion<Foundation?>) { store.foundation(completion: completion) }

    func raiseLongestAccessLifetime(to lifetime: Duration, completion: @escaping Completion<Void>) {
        store.raiseLongestAccessLifetime(to: lifetime, completion: completion)
    }

    func keyVersion(completion: @escaping Completion<Int64>) { store.keyVersion(completion: completion) }

    func changeKeys(_ change: KeyChange, at version: Int64, completion: @escaping Completion<Bool>) {
        store.changeKeys(change, at: version, completion: completion)
    }

    func recordClock(at now: UnixTime, replacing stale: UnixTime?, completion: @escaping Completion<UnixTime>) {
        store.recordClock(at: now, replacing: stale, completion: completion)
    }

    func recordIssuer(_ issuer: String, completion: @escaping Completion<String?>) {
        store.recordIssuer(issuer, completion: completion)
    }

    func ping(completion: @escaping Completion<Void>) { store.ping(completion: completion) }

    func close() { store.close() }

    func account(nameKey: String, completion: @escaping Completion<Account?>) {
        store.account(nameKey: nameKey, completion: completion)
    }

    func account(id: String, completion: @escaping Completion<Account?>) {
        store.account(id: id, completion: completion)
    }

    func accounts(after nameKey: String?, limit: Int, completion: @escaping Completion<[Account]>) {
        store.accounts(after: nameKey, limit: limit, completion: completion)
    }

    func add(_ account: Account, completion: @escaping Completion<Void>) {
        store.add(account, completion: completion)
    }

    func removeAccount(id: String, at now: UnixTime, completion: @escaping Completion<[EndedSession]?>) {
        store.removeAccount(id: id, at: now, completion: completion)
    }

    func setPassword(
        _ password: StoredPassword, ofAccount id: String, _ conditions: PasswordConditions, at now: UnixTime,
        completion: @escaping Completion<[EndedSession]?>
    ) {
        store.setPassword(password, ofAccount: id, conditions, at: now, completion: completion)
    }

    func setDisabled(
        _ isDisabled: Bool, account id: String, at now: UnixTime, completion: @escaping Completion<[EndedSession]?>
    ) {
        store.setDisabled(isDisabled, account: id, at: now, completion: completion)
    }

    func setRoles(
        _ roles: [String], ofAccount id: String, ifStill expected: [String], completion: @escaping Completion<Bool>
    ) {
        store.setRoles(roles, ofAccount: id, ifStill: expected, completion: completion)
    }

    func session(id: String, completion: @escaping Completion<SessionOwned?>) {
        store.session(id: id, completion: completion)
    }

    func sessions(
        ofAccount id: String, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime,
        completion: @escaping Completion<[Session]>
    ) {
        store.sessions(ofAccount: id, lifetimes: lifetimes, limit: limit, at: now, completion: completion)
    }

    func endSessions(_ ending: SessionEnding, at now: UnixTime, completion: @escaping Completion<SessionsEnded>) {
        store.endSessions(ending, at: now, completion: completion)
    }

    func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: String, completion: @escaping Completion<Bool>
    ) {
        store.replacePassword(expected, with: password, ofAccount: id, completion: completion)
    }

    func passwordSchemes(completion: @escaping Completion<PasswordSchemes>) {
        store.passwordSchemes(completion: completion)
    }

    func countPasswordSchemes(at now: UnixTime, completion: @escaping Completion<PasswordSchemes>) {
        store.countPasswordSchemes(at: now, completion: completion)
    }

    func accountsWithoutScheme(limit: Int, completion: @escaping Completion<[AccountScheme]>) {
        store.accountsWithoutScheme(limit: limit, completion: completion)
    }

    func fillIn(_ schemes: [AccountScheme], completion: @escaping Completion<Void>) {
        store.fillIn(schemes, completion: completion)
    }

    func openSession(_ opening: SessionOpening, at now: UnixTime, completion: @escaping Completion<SessionOpened>) {
        store.openSession(opening, at: now, completion: completion)
    }

    func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime,
        completion: @escaping Completion<SessionAdvanced>
    ) {
        store.advanceSession(advance, at: now, completion: completion)
    }

    func sweepSessions(
        lifetimes: SessionLifetimes, limit: Int, at now: UnixTime, completion: @escaping Completion<SessionSweep>
    ) {
        store.sweepSessions(lifetimes: lifetimes, limit: limit, at: now, completion: completion)
    }

    func statusLists(completion: @escaping Completion<StatusLists>) { store.statusLists(completion: completion) }

    func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime, completion: @escaping Completion<[StatusBit]>
    ) {
        store.statusBits(after: index, limit: limit, at: now, completion: completion)
    }

    func sweepStatusBits(limit: Int, at now: UnixTime, completion: @escaping Completion<Int>) {
        store.sweepStatusBits(limit: limit, at: now, completion: completion)
    }

    func tendStatusLists(completion: @escaping Completion<Void>) { store.tendStatusLists(completion: completion) }
    func client(id: String, completion: @escaping Completion<ServiceClient?>) {
        store.client(id: id, completion: completion)
    }

    func clients(after id: String?, limit: Int, completion: @escaping Completion<[ServiceClient]>) {
        store.clients(after: id, limit: limit, completion: completion)
    }

    func add(_ client: ServiceClient, completion: @escaping Completion<Void>) {
        store.add(client, completion: completion)
    }

    func removeClient(id: String, at now: UnixTime, completion: @escaping Completion<Bool>) {
        store.removeClient(id: id, at: now, completion: completion)
    }

    func assignStatusIndex(toClient id: String, completion: @escaping Completion<ServiceClient?>) {
        store.assignStatusIndex(toClient: id, completion: completion)
    }

    func revokeTokens(
        ofClient id: String, at index: StatusIndex?, at now: UnixTime,
        completion: @escaping Completion<ClientTokensRevoked>
    ) {
        store.revokeTokens(ofClient: id, at: index, at: now, completion: completion)
    }

    func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime,
        completion: @escaping Completion<TryVerdict>
    ) {
        store.judge(attempt, isRight: isRight, under: limits, at: now, completion: completion)
    }
}

/// A store in which the account's password is changed between the login's read and its session.
final class RacingStore: PassingStore, @unchecked Sendable {
    override func openSession(
        _ opening: SessionOpening, at now: UnixTime, completion: @escaping Completion<SessionOpened>
    ) {
        store.setPassword([1], ofAccount: opening.accountID, PasswordConditions(), at: now) { [store] _ in
            store.openSession(opening, at: now, completion: completion)
        }
    }
}

/// A store that answers until a refresh comes, and one in which an account lost a role meanwhile.
final class RefreshingStore: PassingStore, @unchecked Sendable {
    private let change: @Sendable (Result<SessionAdvanced, StoreError>) -> Result<SessionAdvanced, StoreError>

    init(
        _ store: MemoryStore,
        _ change: @escaping @Sendable (Result<SessionAdvanced, StoreError>) -> Result<SessionAdvanced, StoreError>
    ) {
        self.change = change
        super.init(store)
    }

    override func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime,
        completion: @escaping Completion<SessionAdvanced>
    ) {
        store.advanceSession(advance, at: now) { [change] in completion(change($0)) }
    }
}

/// A store that does not answer.
final class AwayStore: PassingStore, @unchecked Sendable {
    init() {
        super.init(MemoryStore())
    }

    override func ping(completion: @escaping Completion<Void>) { completion(.failure(.unavailable)) }

    override func recordClock(
        at now: UnixTime, replacing stale: UnixTime?, completion: @escaping Completion<UnixTime>
    ) {
        completion(.failure(.unavailable))
    }

    override func account(nameKey: String, completion: @escaping Completion<Account?>) {
        completion(.failure(.unavailable))
    }

    override func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime,
        completion: @escaping Completion<SessionAdvanced>
    ) {
        completion(.failure(.unavailable))
    }
}
