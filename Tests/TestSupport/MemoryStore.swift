// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
package import LanyardBase
package import LanyardStore

/// A store that keeps its records in memory, for tests of what lies above a store.
///
/// It holds to the same contract as the others, and resumes its callers on a queue of its own.
package final class MemoryStore: Store {
    private let queue = DispatchQueue(label: "lanyard.store.memory")
    private let records = Guarded(Records())
    private let isClosed = Guarded(false)

    private let statusListSize: Int
    private let drawStatusIndex: @Sendable (Int) -> Int

    /// Creates an empty store, with status lists of this size, whose indices are drawn like this.
    package init(
        statusListSize: Int = StatusListUse.listSize,
        drawStatusIndex: @escaping @Sendable (Int) -> Int = { Int.random(in: 0..<$0) }
    ) {
        self.statusListSize = statusListSize
        self.drawStatusIndex = drawStatusIndex
    }

    /// Makes a step: all of it, or it throws.
    private func perform<Value: Sendable>(
        step: @escaping @Sendable (inout Records) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        guard !isClosed.withLock({ $0 }) else { throw .unavailable }
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StoreError>, _>) in
            queue.async {
                continuation.resume(
                    returning: self.records.withLock { records in
                        Result { () throws(StoreError) in
                            var changed = records
                            let value = try step(&changed)
                            records = changed
                            return value
                        }
                    })
            }
        }
        return try result.get()
    }

    /// Makes a step of a founded store.
    private func step<Value: Sendable>(
        step: @escaping @Sendable (inout Records) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await perform { records throws(StoreError) in
            guard records.foundation != nil else { throw .unavailable }
            return try step(&records)
        }
    }

    // MARK: The store itself

    package func open(
        founding: @escaping @Sendable () throws -> Founding
    ) async throws(StoreError) -> Foundation {
        try await perform { records throws(StoreError) in
            if let foundation = records.foundation { return foundation }
            guard let founding = try? founding() else { throw .notFounded }
            var foundation = Foundation(
                isDevelopment: founding.isDevelopment, longestAccessLifetime: .zero, keyVersion: 0,
                keys: founding.keys, secrets: founding.secrets, isNew: false)
            records.foundation = foundation
            foundation.isNew = true
            return foundation
        }
    }

    package func foundation() async throws(StoreError) -> Foundation? {
        try await perform { records in records.foundation }
    }

    package func raiseLongestAccessLifetime(to lifetime: Duration) async throws(StoreError) {
        try await step { records in
            guard lifetime > records.longestAccessLifetime else { return }
            records.foundation?.longestAccessLifetime = lifetime
            records.foundation?.keyVersion += 1
        }
    }

    package func keyVersion() async throws(StoreError) -> Int64 {
        try await step { records in records.foundation?.keyVersion ?? 0 }
    }

    package func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool {
        try await step { records in
            guard var foundation = records.foundation, foundation.keyVersion == version else { return false }
            foundation.keyVersion += 1
            foundation.keys.removeAll { change.removedKeys.contains($0.kid) }
            for key in change.keys { foundation.keys.put(key) { $0.kid == key.kid } }
            foundation.secrets.removeAll { change.removedSecrets.contains($0.id) }
            for secret in change.secrets { foundation.secrets.put(secret) { $0.id == secret.id } }
            records.foundation = foundation
            return true
        }
    }

    package func recordClock(
        at now: UnixTime, replacing stale: UnixTime?
    ) async throws(StoreError) -> UnixTime {
        try await step { records in
            let record = records.clockRecord == stale ? now : max(records.clockRecord ?? now, now)
            records.foundation?.clockRecord = record
            return record
        }
    }

    package func recordIssuer(_ issuer: String) async throws(StoreError) -> String? {
        try await step { records in
            defer { records.issuer = issuer }
            return records.issuer
        }
    }

    package func ping() async throws(StoreError) {
        try await step { _ in }
    }

    package func close() {
        isClosed.withLock { $0 = true }
        queue.sync {}
    }

    // MARK: Accounts

    package func account(nameKey: String) async throws(StoreError) -> Account? {
        try await step { records in records.account(nameKey: nameKey) }
    }

    package func account(id: AccountID) async throws(StoreError) -> Account? {
        try await step { records in records.accounts[id] }
    }

    package func accounts(after nameKey: String?, limit: Int) async throws(StoreError) -> [Account] {
        try await step { records in
            let sorted = records.accounts.values.sorted { $0.nameKey.utf8.lexicographicallyPrecedes($1.nameKey.utf8) }
            let rest = sorted.drop { account in
                guard let nameKey else { return false }
                return !nameKey.utf8.lexicographicallyPrecedes(account.nameKey.utf8)
            }
            return Array(rest.prefix(limit))
        }
    }

    package func add(_ account: Account) async throws(StoreError) {
        try await step { records throws(StoreError) in
            guard records.accounts[account.id] == nil, records.account(nameKey: account.nameKey) == nil,
                records.clients[ClientID(account.id.text)] == nil
            else { throw .conflict }
            records.accounts[account.id] = account
        }
    }

    package func removeAccount(id: AccountID, at now: UnixTime) async throws(StoreError) -> [EndedSession]? {
        try await step { records in
            let ended = records.end(.removed, at: now) { $0.accountID == id }
            records.sessions = records.sessions.filter { $0.value.accountID != id }
            return records.accounts.removeValue(forKey: id) == nil ? nil : ended
        }
    }

    package func setPassword(
        _ password: StoredPassword, ofAccount id: AccountID, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        try await step { records in
            guard let account = records.accounts[id], conditions.epoch.map({ $0 == account.epoch }) ?? true else {
                return nil
            }
            if let kept = conditions.kept {
                guard let session = records.sessions[kept], session.endedAt == nil else { return nil }
            }
            records.accounts[id]?.password = password.sealed
            records.accounts[id]?.scheme = password.scheme
            records.accounts[id]?.epoch += 1
            return records.end(.password, at: now) { $0.accountID == id && $0.id != conditions.kept }
        }
    }

    package func setDisabled(
        _ isDisabled: Bool, account id: AccountID, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        try await step { records in
            guard let account = records.accounts[id] else { return nil }
            guard isDisabled else {
                records.accounts[id]?.disabledAt = nil
                return []
            }
            records.accounts[id]?.disabledAt = account.disabledAt ?? now
            records.accounts[id]?.epoch += 1
            return records.end(.disabled, at: now) { $0.accountID == id }
        }
    }

    package func setRoles(
        _ roles: Roles, ofAccount id: AccountID, ifStill expected: Roles
    ) async throws(StoreError) -> Bool {
        try await step { records in
            guard records.accounts[id]?.roles == expected else { return false }
            records.accounts[id]?.roles = roles
            return true
        }
    }

    package func replacePassword(
        _ expected: [UInt8], with password: StoredPassword, ofAccount id: AccountID
    ) async throws(StoreError) -> Bool {
        try await step { records in
            guard records.accounts[id]?.password == expected else { return false }
            records.accounts[id]?.password = password.sealed
            records.accounts[id]?.scheme = password.scheme
            return true
        }
    }

    package func passwordSchemes() async throws(StoreError) -> PasswordSchemes {
        try await step { records in records.schemes }
    }

    package func countPasswordSchemes(at now: UnixTime) async throws(StoreError) -> PasswordSchemes {
        try await step { records in
            let counts = Dictionary(grouping: records.accounts.values.compactMap(\.scheme)) { $0 }
                .mapValues { Int64($0.count) }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            records.schemes = PasswordSchemes(
                counts: Dictionary(
                    uniqueKeysWithValues: counts.prefix(PasswordSchemes.maximumSchemes).map { ($0.key, $0.value) }),
                countedAt: now)
            return records.schemes
        }
    }

    package func accountsWithoutScheme(limit: Int) async throws(StoreError) -> [AccountScheme] {
        try await step { records in
            let missing = records.accounts.values.filter { $0.scheme == nil }.sorted { $0.id < $1.id }
            return missing.prefix(limit).map { AccountScheme(id: $0.id, sealed: $0.password) }
        }
    }

    package func fillIn(_ schemes: [AccountScheme]) async throws(StoreError) {
        try await step { records in
            for filled in schemes {
                guard let account = records.accounts[filled.id], account.password == filled.sealed,
                    account.scheme == nil
                else { continue }
                records.accounts[filled.id]?.scheme = filled.scheme
            }
        }
    }

    // MARK: Sessions

    package func openSession(
        _ opening: SessionOpening, at now: UnixTime
    ) async throws(StoreError) -> SessionOpened {
        try await step { [statusListSize, drawStatusIndex] records throws(StoreError) in
            guard let account = records.accounts[opening.accountID], account.epoch == opening.accountEpoch,
                account.disabledAt == nil
            else { return .accountChanged }
            guard records.sessions[opening.id] == nil else { throw .conflict }
            let live = records.liveSessions(of: account.id, lifetimes: opening.lifetimes, at: now)
                .filter { $0.id != opening.replaced }
            let ended = live.dropLast(max(0, opening.maximumPerAccount - 1)).map(\.id)
            for id in ended { records.end(.revoked, at: now) { $0.id == id } }
            let tokensUntil = now + opening.lifetimes.refreshGrace + records.longestAccessLifetime
            let status =
                opening.hasStatus
                ? records.status.drawnIndex(statusListSize, drawStatusIndex, isTaken: records.isPlaced) : nil
            let session = Session(opening: opening, status: status, tokensUntil: tokensUntil, at: now)
            records.put(session)
            var owner = account
            owner.lastLoginAt = now
            records.accounts[owner.id] = owner
            return .opened(session, owner, ended: ended)
        }
    }

    package func advanceSession(
        _ advance: SessionAdvance, at now: @escaping @Sendable () -> UnixTime
    ) async throws(StoreError) -> SessionAdvanced {
        try await step { records in
            guard advance.isWanted() else { return .abandoned }
            guard let session = records.sessions[advance.sessionID], let account = records.accounts[session.accountID]
            else { return .unknown }
            let outcome = advance.outcome(
                for: session, of: account, times: records.times, at: now())
            records.put(outcome.session)
            return outcome.advanced
        }
    }

    package func session(id: SessionID) async throws(StoreError) -> SessionOwned? {
        try await step { records in
            guard let session = records.sessions[id], let account = records.accounts[session.accountID] else {
                return nil
            }
            return SessionOwned(session: session, account: account)
        }
    }

    package func sessions(
        ofAccount id: AccountID, lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [Session] {
        try await step { records in
            Array(records.liveSessions(of: id, lifetimes: lifetimes, at: now).reversed().prefix(limit))
        }
    }

    package func endSessions(
        _ ending: SessionEnding, at now: UnixTime
    ) async throws(StoreError) -> SessionsEnded {
        try await step { records in
            let isLive = { (session: Session) in session.isLive(ending.lifetimes, at: now) }
            switch ending.scope {
            case .one(let id, let account):
                guard let session = records.sessions[id], account ?? session.accountID == session.accountID else {
                    return SessionsEnded(ended: [], isKnown: false)
                }
                return SessionsEnded(ended: records.end(ending.cause, at: now) { $0.id == id && isLive($0) })
            case .allBeside(let id, let generation):
                guard let session = records.sessions[id] else { return SessionsEnded(ended: [], isKnown: false) }
                let all = isLive(session) && (generation.map(session.isCurrent) ?? true)
                return SessionsEnded(
                    ended: records.end(ending.cause, at: now) {
                        isLive($0) && (all ? $0.accountID == session.accountID : $0.id == id)
                    })
            case .all(let account):
                return SessionsEnded(
                    ended: records.end(ending.cause, at: now) { isLive($0) && $0.accountID == account })
            case .any(let after, let limit):
                let ids = records.sessions.keys.filter { $0 > after }.sorted().prefix(limit)
                let ended = records.end(ending.cause, at: now) { isLive($0) && ids.contains($0.id) }
                return SessionsEnded(ended: ended, last: ids.count == limit ? ids.last : nil)
            }
        }
    }

    package func sweepSessions(
        lifetimes: SessionLifetimes, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> SessionSweep {
        try await step { records in
            let due = records.sessions.values
                .filter { lifetimes.removal(of: $0) <= now }
                .sorted { (lifetimes.removal(of: $0), $0.id) < (lifetimes.removal(of: $1), $1.id) }
                .prefix(limit)
            for session in due { records.sessions[session.id] = nil }
            return SessionSweep(
                count: due.count,
                unnoticed: due.filter { $0.endedAt == nil }.map { EndedSession($0, lifetimes.end(of: $0).cause) })
        }
    }

    // MARK: Status lists

    package func statusLists() async throws(StoreError) -> StatusLists {
        try await step { records in
            StatusLists(version: records.status.version, numbers: records.status.isFull.keys.sorted())
        }
    }

    package func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit] {
        try await step { records in
            let bits = records.status.bits.filter { bit in
                bit.value > now && index.map { bit.key > $0 } ?? true
            }
            return bits.map { StatusBit($0.key, until: $0.value) }.sorted { $0.index < $1.index }.prefix(limit).map(
                \.self)
        }
    }

    package func sweepStatusBits(limit: Int, at now: UnixTime) async throws(StoreError) -> Int {
        try await step { records in
            let rested = records.status.bits.filter { $0.value + StatusIndex.rest <= now }.keys.prefix(limit)
            for index in rested { records.status.bits[index] = nil }
            return rested.count
        }
    }

    package func tendStatusLists() async throws(StoreError) {
        try await step { [statusListSize] records in
            let uses = records.status.isFull.sorted { $0.key < $1.key }.map { list in
                StatusListUse(
                    number: list.key, isFull: list.value,
                    count: records.takenIndices.filter { $0.list == list.key }.count)
            }
            guard let change = StatusListUse.change(for: uses, listSize: statusListSize) else { return }
            for number in change.filled { records.status.isFull[number] = true }
            for number in change.opened { records.status.isFull[number] = false }
            if let number = change.added { records.status.add(number) }
        }
    }

    // MARK: Service clients

    package func client(id: ClientID) async throws(StoreError) -> ServiceClient? {
        try await step { records in records.clients[id] }
    }

    package func clients(after id: ClientID?, limit: Int) async throws(StoreError) -> [ServiceClient] {
        try await step { records in
            let sorted = records.clients.values.sorted { $0.id < $1.id }
            let rest = sorted.filter { client in id.map { $0 < client.id } ?? true }
            return Array(rest.prefix(limit))
        }
    }

    package func add(_ client: ServiceClient) async throws(StoreError) {
        try await step { records throws(StoreError) in
            guard records.clients[client.id] == nil, records.accounts[AccountID(client.id.text)] == nil else {
                throw .conflict
            }
            records.clients[client.id] = client
        }
    }

    package func removeClient(id: ClientID, at now: UnixTime) async throws(StoreError) -> Bool {
        try await step { records in
            guard let client = records.clients.removeValue(forKey: id) else { return false }
            records.setStatusBit(of: client, at: now)
            return true
        }
    }

    package func assignStatusIndex(toClient id: ClientID) async throws(StoreError) -> ServiceClient? {
        try await step { [statusListSize, drawStatusIndex] records in
            guard let client = records.clients[id], client.status == nil else { return records.clients[id] }
            let index = records.status.drawnIndex(statusListSize, drawStatusIndex, isTaken: records.isPlaced)
            records.clients[id]?.status = index
            return records.clients[id]
        }
    }

    package func revokeTokens(
        ofClient id: ClientID, at index: StatusIndex?, at now: UnixTime
    ) async throws(StoreError) -> ClientTokensRevoked {
        try await step { records in
            guard let client = records.clients[id] else { return .unknown }
            if let index, index != client.status { return .revokedBefore }
            records.setStatusBit(of: client, at: now)
            records.clients[id]?.status = nil
            records.clients[id]?.tokensRevokedAt = now
            return .revoked
        }
    }

    // MARK: Failed tries

    package func judge(
        _ attempt: AuthenticationTry, isRight: Bool, under limits: TryLimits, at now: UnixTime
    ) async throws(StoreError) -> TryVerdict {
        try await step { records in
            if let next = limits.nextTry(after: records.history(of: attempt, under: limits, at: now)), next > now {
                return .limited(until: next)
            }
            guard isRight else {
                records.failures.append(Records.Failure(pair: attempt.pair, attempt: attempt, at: now))
                return .wrong
            }
            for index in records.failures.indices where records.failures[index].pair == attempt.pair {
                records.failures[index].pair = nil
            }
            return .right
        }
    }
}

/// The status lists of a ``MemoryStore``.
private struct StatusRecords: Sendable {
    var version: Int64 = 0
    var isFull: [Int64: Bool] = [1: false]
    var bits: [StatusIndex: UnixTime] = [:]

    mutating func set(_ bit: StatusBit) {
        bits[bit.index] = bit.until
        version += 1
    }

    mutating func add(_ number: Int64) {
        isFull[number] = false
        version += 1
    }

    mutating func drawnIndex(
        _ size: Int, _ draw: (Int) -> Int, isTaken: (StatusIndex) -> Bool
    ) -> StatusIndex {
        for list in isFull.keys.sorted() where isFull[list] == false {
            for _ in 0..<32 {
                let index = StatusIndex(list: list, index: Int64(draw(size)))
                if bits[index] == nil, !isTaken(index) { return index }
            }
            isFull[list] = true
        }
        let number = (isFull.keys.max() ?? 0) + 1
        add(number)
        return StatusIndex(list: number, index: Int64(draw(size)))
    }
}

/// What a ``MemoryStore`` holds.
private struct Records: Sendable {
    var foundation: Foundation?
    var accounts: [AccountID: Account] = [:]
    var schemes = PasswordSchemes(counts: [:], countedAt: nil)
    var sessions: [SessionID: Session] = [:]
    var status = StatusRecords()
    var clients: [ClientID: ServiceClient] = [:]
    var failures: [Failure] = []

    /// A failed try.
    struct Failure: Sendable {
        var pair: [UInt8]?
        let attempt: AuthenticationTry
        let at: UnixTime
    }

    /// Whether a session or a client has an index.
    func isPlaced(_ index: StatusIndex) -> Bool {
        sessions.values.contains { $0.status == index } || clients.values.contains { $0.status == index }
    }

    /// The indices that a session, a client or a bit has.
    var takenIndices: Set<StatusIndex> {
        Set(status.bits.keys).union(sessions.values.compactMap(\.status)).union(clients.values.compactMap(\.status))
    }

    /// Shows the tokens of a client as revoked, if they name an index.
    mutating func setStatusBit(of client: ServiceClient, at now: UnixTime) {
        guard let index = client.status else { return }
        status.set(StatusBit(ofClientAt: index, longestAccessLifetime: longestAccessLifetime, at: now))
    }

    /// Stores a session; one that has ended gets its bit.
    mutating func put(_ session: Session) {
        if let before = sessions[session.id], before.endedAt == nil, let bit = StatusBit(of: session) {
            status.set(bit)
        }
        sessions[session.id] = session
    }

    /// Ends the sessions that go on and that `isMeant` picks, in the order of their ids.
    @discardableResult
    mutating func end(
        _ cause: Session.Cause, at now: UnixTime, _ isMeant: (Session) -> Bool
    ) -> [EndedSession] {
        let meant = sessions.values.filter { $0.endedAt == nil && isMeant($0) }.sorted { $0.id < $1.id }
        for var session in meant {
            session.end(cause, at: now)
            put(session)
        }
        return meant.map { EndedSession($0, cause) }
    }

    /// Returns the failures that count against a try.
    func history(of attempt: AuthenticationTry, under limits: TryLimits, at now: UnixTime) -> FailureHistory {
        let times = { (window: Duration, isMeant: (Failure) -> Bool) in
            failures.filter { isMeant($0) && $0.at > now - window && $0.at <= now + TryLimits.clockTolerance }.map(\.at)
                .sorted(by: >)
        }
        var history = FailureHistory()
        let row = times(limits.forgetting) { $0.pair == attempt.pair }
        if let last = row.first { history.row = FailureHistory.Row(count: row.count, lastAt: last) }
        for scope in FailureHistory.Scope.allCases {
            guard let key = attempt.key(in: scope) else { continue }
            let reached = times(TryLimits.window(of: scope)) { $0.attempt.key(in: scope) == key }
            history.reachedAt[scope] = reached.dropFirst(limits.failures(in: scope) - 1).first
        }
        return history
    }

    /// The latest time that a server has recorded as its own.
    var clockRecord: UnixTime? { foundation?.clockRecord }

    /// The issuer that was last served.
    var issuer: String?

    var times: StoreTimes {
        StoreTimes(longestAccessLifetime: longestAccessLifetime, clockRecord: clockRecord)
    }

    var longestAccessLifetime: Duration { foundation?.longestAccessLifetime ?? .zero }

    func account(nameKey: String) -> Account? {
        accounts.values.first { $0.nameKey.utf8.elementsEqual(nameKey.utf8) }
    }

    /// Returns the account's sessions that are not over, oldest first.
    func liveSessions(of accountID: AccountID, lifetimes: SessionLifetimes, at now: UnixTime) -> [Session] {
        sessions.values
            .filter { $0.accountID == accountID && $0.endedAt == nil && now < lifetimes.end(of: $0).at }
            .sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }
}

extension Array {
    /// Puts `element` in the place of the one that is the same, or at the end.
    fileprivate mutating func put(_ element: Element, isSame: (Element) -> Bool) {
        guard let place = firstIndex(where: isSame) else { return append(element) }
        self[place] = element
    }
}
