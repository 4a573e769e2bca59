// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardPasswords
import LanyardStore
import Logging
import TestSupport
import Testing

/// What a loop has ready must follow the keys, whichever request meets the change first.
@Suite struct `A changed key set` {
    private static let path = "/.well-known/jwks.json"

    @Test(arguments: [nil, "POST /refresh", "GET /.well-known/jwks.json?query", "GET /livez"])
    func `is published by what is ready too`(request: String?) async throws {
        let keys = try await ChangingKeys()
        let client = try keys.server.connect()
        let before = try get(client)
        try await keys.publishAnother()
        if let request {
            let body = request.hasPrefix("POST") ? #"{"refresh_token":"x"}"# : nil
            let content = body.map { "Content-Type: application/json\r\nContent-Length: \($0.utf8.count)\r\n" } ?? ""
            try client.send("\(request) HTTP/1.1\r\nHost: a\r\n\(content)\r\n\(body ?? "")")
            _ = try client.readResponse()
        }
        let after = try get(client)
        #expect(try after.json["keys"]?.array?.count == 2)
        #expect(after["etag"] != before["etag"])
        #expect(try get(client, "Accept-Encoding: gzip\r\n").body == Deflate.gzip(after.body))
        #expect(try get(client, "If-None-Match: \(before["etag"] ?? "")\r\n").status == 200)
    }

    private func get(_ client: RawClient, _ fields: String = "") throws -> RawResponse {
        try client.send("GET \(Self.path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        return try client.readResponse()
    }
}

/// A service on one loop whose key set a test can change.
private struct ChangingKeys {
    let server: RunningServer
    private let store = MemoryStore()
    private let maker: KeyMaker
    private let keeper: KeyKeeper

    init() async throws {
        var captured: APIConfiguration?
        _ = try await ServiceFixture { captured = $0 }
        let configuration = try #require(captured)
        let policy = KeyPolicy(
            algorithm: .es256, rsaBits: 2_048, rotationInterval: .zero, publishLead: .seconds(3_600),
            accessLifetime: .seconds(900), statusTokenLifetime: .zero, sessionLifetime: .seconds(86_400))
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        let maker = KeyMaker(masterKey: masterKey, policy: policy)
        let moment = KeyMoment(wall: UnixTime(seconds: 1_800_000_000), running: .now)
        let store = store
        let foundation = try await store.open(founding: { try maker.founding(isDevelopment: false, at: moment.wall) })
        let keyring = try Keyring(opening: foundation, with: masterKey)
        let live = LiveKeys(keyring, running: { moment.running })
        let events = EventLog(
            Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { moment.wall })
        self.maker = maker
        keeper = KeyKeeper(
            live, foundation: foundation, keyring: keyring, store: store, masterKey: masterKey, policy: policy,
            events: events, clock: { moment })
        let lanes = try PasswordLanes(
            PasswordLanes.Settings(
                laneCount: 1, parameters: try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)),
            random: SecureRandom.bytes)
        let resources = Resources(
            policies: configuration.policies, store: store, keys: live, passwords: keyring.passwords, lanes: lanes,
            events: events, now: { moment.wall })
        let dependencies = Dependencies(
            configuration: configuration, resources: resources, readiness: Readiness())
        server = try RunningServer(loops: 1) { [dependencies] in Interface.public(dependencies, on: $0) }
    }

    /// Puts one more key into the store, and lets the process follow.
    func publishAnother() async throws {
        let version = try await store.keyVersion()
        let now = UnixTime(seconds: 1_800_000_000)
        let record = try maker.record(of: maker.newKey(), at: now, lead: .seconds(3_600))
        let isChanged = try await store.changeKeys(KeyChange(keys: [record]), at: version)
        #expect(isChanged)
        await keeper.look()
    }
}
