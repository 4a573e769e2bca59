// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore
package import TestSupport

/// A store that passes every call on, but for those that a test answers itself.
package protocol PassingStore: Store {
    var store: MemoryStore { get }
}

extension PassingStore {
    package func open(founding: @escaping @Sendable () throws -> Founding) async throws(StoreError) -> Foundation {
        try await store.open(founding: founding)
    }

    package func foundation() async throws(StoreError) -> Foundation? { try await store.foundation() }

    package func raiseLongestAccessLifetime(to lifetime: Duration) async throws(StoreError) {
        try await store.raiseLongestAccessLifetime(to: lifetime)
    }

    package func keyVersion() async throws(StoreError) -> Int64 { try await store.keyVersion() }

    package func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool {
        try await store.changeKeys(change, at: version)
    }

    package func recordClock(at now: UnixTime, replacing stale: UnixTime?) async throws(StoreError) -> UnixTime {
        try await store.recordClock(at: now, replacing: stale)
    }

    package func recordIssuer(_ issuer: String) async throws(StoreError) -> String? {
        try await store.recordIssuer(issuer)
    }

    package func ping() async throws(StoreError) { try await store.ping() }

    package func close() { store.close() }

    package func account(nameKey: String) async throws(StoreError) -> Account? {
        try await store.account(nameKey: nameKey)
    }

    package func account(id: AccountID) async throws(StoreError) -> Account? {
        try await store.account(id: id)
    }

    package func accounts(after nameKey: String?, limit: Int) async throws(StoreError) -> [Account] {
        try await store.accounts(after: nameKey, limit: limit)
    }

    package func add(_ account: Account) async throws(StoreError) {
        try await store.add(account)
    }

    package func removeAccount(id: AccountID, at now: UnixTime) async throws(StoreError) -> [EndedSession]? {
        try await store.removeAccount(id: id, at: now)
    }

    package func setPassword(
        _ password: StoredPassword, ofAccount id: AccountID, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        try await store.setPassword(password, ofAccount: id, conditions, at: now)
    }

    package func setDisabled(
        _ isDisabled: Bool, account id: AccountID, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        try await store.setDisabled(isDisabled, account: id, at: now)
    }

    package func setRoles(
        _ roles: Roles, ofAccount id: AccountID, ifStill expected: Roles
    ) async throws(StoreError) -> Bool {
        try await store.setRoles(roles, ofAccount: id, ifStill: expected)
    }

    package func session(id: SessionID) async throws(StoreError) -> SessionOwned? {
        try await store.session(id: id)
    }

    package func sessions(
        ofAccount id: AccountID, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session] {
        try await store.sessions(ofAccount: id, lifetimes: lifetimes, limit: limit, at: now)
    }

    package func endSessions(_ ending: SessionEnding, at now: UnixTime) async throws(StoreError) -> SessionsEnded {
        try await store.endSessions(ending, at: now)
    }

    package func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: AccountID
    ) async throws(StoreError) -> Bool {
        try await store.replacePassword(expected, with: password, ofAccount: id)
    }

    package func passwordSchemes() async throws(StoreError) -> PasswordSchemes {
        try await store.passwordSchemes()
    }

    package func countPasswordSchemes(at now: UnixTime) async throws(StoreError) -> PasswordSchemes {
        try await store.countPasswordSchemes(at: now)
    }

    package func accountsWithoutScheme(limit: Int) async throws(StoreError) -> [AccountScheme] {
        try await store.accountsWithoutScheme(limit: limit)
    }

    package func fillIn(_ schemes: [AccountScheme]) async throws(StoreError) {
        try await store.fillIn(schemes)
    }

    package func openSession(_ opening: SessionOpening, at now: UnixTime) async throws(StoreError) -> SessionOpened {
        try await store.openSession(opening, at: now)
    }

    package func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        try await store.advanceSession(advance, at: now)
    }

    package func sweepSessions(
        lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> SessionSweep {
        try await store.sweepSessions(lifetimes: lifetimes, limit: limit, at: now)
    }

    package func statusLists() async throws(StoreError) -> StatusLists { try await store.statusLists() }

    package func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit] {
        try await store.statusBits(after: index, limit: limit, at: now)
    }

    package func sweepStatusBits(limit: Int, at now: UnixTime) async throws(StoreError) -> Int {
        try await store.sweepStatusBits(limit: limit, at: now)
    }

    package func tendStatusLists() async throws(StoreError) { try await store.tendStatusLists() }
    package func client(id: ClientID) async throws(StoreError) -> ServiceClient? {
        try await store.client(id: id)
    }

    package func clients(after id: ClientID?, limit: Int) async throws(StoreError) -> [ServiceClient] {
        try await store.clients(after: id, limit: limit)
    }

    package func add(_ client: ServiceClient) async throws(StoreError) {
        try await store.add(client)
    }

    package func removeClient(id: ClientID, at now: UnixTime) async throws(StoreError) -> Bool {
        try await store.removeClient(id: id, at: now)
    }

    package func assignStatusIndex(toClient id: ClientID) async throws(StoreError) -> ServiceClient? {
        try await store.assignStatusIndex(toClient: id)
    }

    package func revokeTokens(
        ofClient id: ClientID, at index: StatusIndex?, at now: UnixTime
    ) async throws(StoreError) -> ClientTokensRevoked {
        try await store.revokeTokens(ofClient: id, at: index, at: now)
    }

    package func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict {
        try await store.judge(attempt, isRight: isRight, under: limits, at: now)
    }
}
