// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import Dispatch
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardHTTP
import LanyardPasswords
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

/// A process that serves status lists, with clocks and a store that the test has in its hands.
final class StatusProcess {
    static let policy = StatusPolicy(ttl: .seconds(60))
    static let lifetimes = SessionLifetimes(
        idle: .seconds(86_400), absolute: .seconds(86_400), refreshGrace: .seconds(10))

    let keyed: KeyedProcess
    private let keeper: StatusKeeper
    private let server: RunningServer
    private var opened = 0

    /// Founds a store, whose indices are drawn as written down, with one account.
    init(drawing indices: [Int] = [], listSize: Int = StatusListUse.listSize) async throws {
        let script = Guarded(indices)
        let memory = MemoryStore(statusListSize: listSize) { bound in
            script.withLock { $0.isEmpty ? Int.random(in: 0..<bound) : $0.removeFirst() }
        }
        keyed = try await KeyedProcess(over: memory)
        var configuration = try ServiceFixture.configuration()
        configuration.policies.tokens.status = Self.policy
        let (clock, store) = (keyed.clock, keyed.store)
        let events = EventLog(keyed.log.logger, now: { clock.now.wall })
        let lanes = try PasswordLanes(
            PasswordLanes.Settings(
                laneCount: 1, parameters: try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)),
            random: SecureRandom.bytes)
        let resources = Resources(
            policies: configuration.policies, store: store, keys: keyed.live,
            passwords: keyed.live.current.keyring.passwords, lanes: lanes, events: events, now: { clock.now.wall })
        let dependencies = Dependencies(
            configuration: configuration, resources: resources, readiness: Readiness())
        keeper = StatusKeeper(
            resources.statusLists, Self.policy, issuer: configuration.policies.tokens.issuer, keys: keyed.live,
            store: store,
            events: events, pageSize: 2, pause: .seconds(3_600), now: { clock.now.wall })
        server = try RunningServer(loops: 1) { [dependencies] in Interface.public(dependencies, on: $0) }
        let account = Account(
            id: "a", name: "a", nameKey: "a", email: nil, roles: [], claims: "{}", password: [],
            createdAt: clock.now.wall)
        try await memory.raiseLongestAccessLifetime(to: .seconds(900))
        try await memory.add(account)
        await keyed.look()
    }

    var now: UnixTime { keyed.clock.now.wall }

    /// Lets the keeper look by itself, which it then does once an hour and when the keys change.
    func start() { keeper.start() }

    func stop() { keeper.stop() }

    /// Looks once for bits, the keys being fresh as they are in a process that runs.
    func look(keysToo: Bool = true) async {
        if keysToo { await keyed.look() }
        await keeper.look()
    }

    /// Opens a session and returns its id.
    func open() async throws -> String {
        opened += 1
        let id = "s\(opened)"
        let (store, now) = (keyed.store.store, now)
        let found = try await store.account(id: "a")
        let opening = SessionOpening(
            id: id, accountID: "a", accountEpoch: try #require(found).epoch, audience: ["lanyard"], roles: nil,
            delivery: .body, label: nil,
            network: nil, lifetimes: Self.lifetimes, maximumPerAccount: 10_000, hasStatus: true)
        _ = try await store.openSession(opening, at: now)
        return id
    }

    func end(_ id: String) async throws {
        let (store, now) = (keyed.store.store, now)
        let ending = SessionEnding(.one(id: id, account: nil), cause: .logout, lifetimes: Self.lifetimes)
        _ = try await store.endSessions(ending, at: now)
    }

    func get(_ path: String = "/status/1", _ fields: [String] = [], method: String = "GET") throws -> RawResponse {
        let client = try server.connect()
        let lines = ["\(method) \(path) HTTP/1.1", "Host: a", "Connection: close"] + fields
        try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try client.readResponse(hasBody: method != "HEAD")
    }

    /// The list that is served, verified by the key set that is served.
    func served(_ number: Int = 1) throws -> ServedStatusList {
        try ServedStatusList(
            get("/status/\(number)").body, keys: KeySet(parsing: get("/.well-known/jwks.json").body))
    }
}

/// A status list as a verifier reads it.
struct ServedStatusList {
    let header: JSONObject
    let claims: JSONObject
    let bytes: [UInt8]

    init(_ token: [UInt8], keys: KeySet) throws {
        let parts = String(decoding: token, as: UTF8.self).split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let header = try JSONObject(parsing: Base64URL.decode(parts[0]))
        self.header = header
        let key = try #require(keys.keys.first { $0.id == header["kid"]?.string })
        let isSigned = try key.publicKey.isValidSignature(
            Base64URL.decode(parts[2]), for: Array("\(parts[0]).\(parts[1])".utf8))
        #expect(isSigned)
        let claims = try JSONObject(parsing: Base64URL.decode(parts[1]))
        self.claims = claims
        let text = try #require(claims["status_list"]?.object?["lst"]?.string)
        bytes = try Inflate.zlib(Base64URL.decode(text), limitBytes: 1 << 20)
    }

    /// The indices whose bit is set, least significant bit first (Token Status List §4.1).
    var indices: [Int] {
        bytes.indices.flatMap { place in (0..<8).filter { bytes[place] >> $0 & 1 == 1 }.map { place * 8 + $0 } }
    }

    func seconds(_ name: String) throws -> Int64 {
        try #require(claims[name]?.integer)
    }
}
