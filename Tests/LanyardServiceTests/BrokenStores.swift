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

    func open(founding: @escaping @Sendable () throws -> Founding) async throws(StoreError) -> Foundation {
        try await store.open(founding: founding)
    }

    func foundation() async throws(StoreError) -> Foundation? { try await store.foundation() }

    func raiseLongestAccessLifetime(to lifetime: Duration) async throws(StoreError) {
        try await store.raiseLongestAccessLifetime(to: lifetime)
    }

    func keyVersion() async throws(StoreError) -> Int64 { try await store.keyVersion() }

    func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool {
        try await store.changeKeys(change, at: version)
    }

    func recordClock(at now: UnixTime, replacing stale: UnixTime?) async throws(StoreError) -> UnixTime {
        try await store.recordClock(at: now, replacing: stale)
    }

    func recordIssuer(_ issuer: String) async throws(StoreError) -> String? {
        try await store.recordIssuer(issuer)
    }

    func ping() async throws(StoreError) { try await store.ping() }

    func close() { store.close() }

    func account(nameKey: String) async throws(StoreError) -> Account? {
        try await store.account(nameKey: nameKey)
    }

    func account(id: String) async throws(StoreError) -> Account? {
        try await store.account(id: id)
    }

    func accounts(after nameKey: String?, limit: Int) async throws(StoreError) -> [Account] {
        try await store.accounts(after: nameKey, limit: limit)
    }

    func add(_ account: Account) async throws(StoreError) {
        try await store.add(account)
    }

    func removeAccount(id: String, at now: UnixTime) async throws(StoreError) -> [EndedSession]? {
        try await store.removeAccount(id: id, at: now)
    }

    func setPassword(
        _ password: StoredPassword, ofAccount id: String, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        try await store.setPassword(password, ofAccount: id, conditions, at: now)
    }

    func setDisabled(
        _ isDisabled: Bool, account id: String, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        try await store.setDisabled(isDisabled, account: id, at: now)
    }

    func setRoles(
        _ roles: [String], ofAccount id: String, ifStill expected: [String]
    ) async throws(StoreError) -> Bool {
        try await store.setRoles(roles, ofAccount: id, ifStill: expected)
    }

    func session(id: String) async throws(StoreError) -> SessionOwned? {
        try await store.session(id: id)
    }

    func sessions(
        ofAccount id: String, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session] {
        try await store.sessions(ofAccount: id, lifetimes: lifetimes, limit: limit, at: now)
    }

    func endSessions(_ ending: SessionEnding, at now: UnixTime) async throws(StoreError) -> SessionsEnded {
        try await store.endSessions(ending, at: now)
    }

    func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: String
    ) async throws(StoreError) -> Bool {
        try await store.replacePassword(expected, with: password, ofAccount: id)
    }

    func passwordSchemes() async throws(StoreError) -> PasswordSchemes {
        try await store.passwordSchemes()
    }

    func countPasswordSchemes(at now: UnixTime) async throws(StoreError) -> PasswordSchemes {
        try await store.countPasswordSchemes(at: now)
    }

    func accountsWithoutScheme(limit: Int) async throws(StoreError) -> [AccountScheme] {
        try await store.accountsWithoutScheme(limit: limit)
    }

    func fillIn(_ schemes: [AccountScheme]) async throws(StoreError) {
        try await store.fillIn(schemes)
    }

    func openSession(_ opening: SessionOpening, at now: UnixTime) async throws(StoreError) -> SessionOpened {
        try await store.openSession(opening, at: now)
    }

    func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        try await store.advanceSession(advance, at: now)
    }

    func sweepSessions(
        lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> SessionSweep {
        try await store.sweepSessions(lifetimes: lifetimes, limit: limit, at: now)
    }

    func statusLists() async throws(StoreError) -> StatusLists { try await store.statusLists() }

    func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit] {
        try await store.statusBits(after: index, limit: limit, at: now)
    }

    func sweepStatusBits(limit: Int, at now: UnixTime) async throws(StoreError) -> Int {
        try await store.sweepStatusBits(limit: limit, at: now)
    }

    func tendStatusLists() async throws(StoreError) { try await store.tendStatusLists() }
    func client(id: String) async throws(StoreError) -> ServiceClient? {
        try await store.client(id: id)
    }

    func clients(after id: String?, limit: Int) async throws(StoreError) -> [ServiceClient] {
        try await store.clients(after: id, limit: limit)
    }

    func add(_ client: ServiceClient) async throws(StoreError) {
        try await store.add(client)
    }

    func removeClient(id: String, at now: UnixTime) async throws(StoreError) -> Bool {
        try await store.removeClient(id: id, at: now)
    }

    func assignStatusIndex(toClient id: String) async throws(StoreError) -> ServiceClient? {
        try await store.assignStatusIndex(toClient: id)
    }

    func revokeTokens(
        ofClient id: String, at index: StatusIndex?, at now: UnixTime
    ) async throws(StoreError) -> ClientTokensRevoked {
        try await store.revokeTokens(ofClient: id, at: index, at: now)
    }

    func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict {
        try await store.judge(attempt, isRight: isRight, under: limits, at: now)
    }
}

/// A store in which the account's password is changed between the login's read and its session.
final class RacingStore: PassingStore, @unchecked Sendable {
    override func openSession(
        _ opening: SessionOpening, at now: UnixTime
    ) async throws(StoreError) -> SessionOpened {
        _ = try await store.setPassword([1], ofAccount: opening.accountID, PasswordConditions(), at: now)
        return try await store.openSession(opening, at: now)
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
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        let result: Result<SessionAdvanced, StoreError>
        do throws(StoreError) {
            result = .success(try await store.advanceSession(advance, at: now))
        } catch {
            result = .failure(error)
        }
        return try change(result).get()
    }
}

/// A store that does not answer.
final class AwayStore: PassingStore, @unchecked Sendable {
    init() {
        super.init(MemoryStore())
    }

    override func ping() async throws(StoreError) { throw .unavailable }

    override func recordClock(
        at now: UnixTime, replacing stale: UnixTime?
    ) async throws(StoreError) -> UnixTime {
        throw .unavailable
    }

    override func account(nameKey: String) async throws(StoreError) -> Account? {
        throw .unavailable
    }

    override func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        throw .unavailable
    }
}
