// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCoding
package import LanyardCore
package import LanyardStore
internal import LanyardVerifier
internal import TestSupport

/// A process that keeps status lists, with clocks and a store that the test has in its hands.
package final class StatusProcess {
    package static let policy = StatusPolicy(ttl: .seconds(60))
    package static let lifetimes = SessionLifetimes(
        idle: .seconds(86_400), absolute: .seconds(86_400), refreshGrace: .seconds(10))

    package let keyed: KeyedProcess
    private let lists: LiveStatusLists
    private let keeper: StatusKeeper
    private var opened = 0

    /// Makes a process whose lists' indices are drawn as written down.
    package static func keyed(
        drawing indices: [Int] = [], listSize: Int = StatusListUse.listSize
    ) async throws -> KeyedProcess {
        let script = Guarded(indices)
        return try await KeyedProcess(
            over: MemoryStore(statusListSize: listSize) { bound in
                script.withLock { $0.isEmpty ? Int.random(in: 0..<bound) : $0.removeFirst() }
            })
    }

    /// Makes a process with one account.
    package convenience init(drawing indices: [Int] = [], listSize: Int = StatusListUse.listSize) async throws {
        let keyed = try await Self.keyed(drawing: indices, listSize: listSize)
        try await self.init(keyed, LiveStatusLists(running: keyed.live.running))
    }

    /// Makes the keeper of `lists` in a process, with one account.
    package init(_ keyed: KeyedProcess, _ lists: LiveStatusLists) async throws {
        self.keyed = keyed
        self.lists = lists
        let clock = keyed.clock
        keeper = StatusKeeper(
            lists, Self.policy, issuer: KeyedProcess.tokens.issuer, keys: keyed.live, store: keyed.store,
            events: EventLog(keyed.log.logger, now: { clock.now.wall }), pageSize: 2, pause: .seconds(3_600),
            now: { clock.now.wall })
        let account = Account(
            id: "a", name: "a", nameKey: "a", email: nil, roles: [], claims: "{}", password: [],
            createdAt: clock.now.wall)
        try await keyed.store.store.raiseLongestAccessLifetime(to: .seconds(900))
        try await keyed.store.store.add(account)
        await keyed.look()
    }

    package var now: UnixTime { keyed.clock.now.wall }

    /// Lets the keeper look by itself, which it then does once an hour and when the keys change.
    package func start() { keeper.start() }

    package func stop() { keeper.stop() }

    /// Looks once for bits, the keys being fresh as they are in a process that runs.
    package func look(keysToo: Bool = true) async {
        if keysToo { await keyed.look() }
        await keeper.look()
    }

    /// Opens a session and returns its id.
    package func open() async throws -> String {
        opened += 1
        let id = "s\(opened)"
        let (store, now) = (keyed.store.store, now)
        guard let account = try await store.account(id: "a") else { throw StoreError.notFounded }
        let opening = SessionOpening(
            id: SessionID(id), accountID: "a", accountEpoch: account.epoch, audience: ["lanyard"], roles: nil,
            delivery: .body, label: nil,
            network: nil, lifetimes: Self.lifetimes, maximumPerAccount: 10_000, hasStatus: true)
        _ = try await store.openSession(opening, at: now)
        return id
    }

    package func end(_ id: String) async throws {
        let (store, now) = (keyed.store.store, now)
        let ending = SessionEnding(.one(id: SessionID(id), account: nil), cause: .logout, lifetimes: Self.lifetimes)
        _ = try await store.endSessions(ending, at: now)
    }

    /// The list that may be served now.
    package func list(_ number: Int64 = 1) -> SignedStatusList? {
        guard let list = lists.current?[number], list.isReliable(at: now, under: keyed.live.current.keyring) else {
            return nil
        }
        return list
    }

    /// The same as a verifier reads it with the keys that are published.
    package func served(_ number: Int64 = 1) throws -> ServedStatusList {
        guard let list = list(number) else { throw StoreError.unavailable }
        return try ServedStatusList(list.token, keys: keyed.live.current.keyring.published)
    }
}
