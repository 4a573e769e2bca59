// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardHTTP
import LanyardPasswords
import LanyardStore
import TestSupport
import Testing

/// A whole service whose clocks the test moves, so that it looks as if the process had been stopped: no timer of it runs.
final class ResumedProcess {
    let keyed: KeyedProcess
    let server: RunningServer
    let clientSecret: String
    private let statusKeeper: StatusKeeper

    /// Starts a service with the account `alice` and the client `feeds`.
    init(derive: @escaping PasswordDerivation = PasswordScheme.derivation) async throws {
        keyed = try await KeyedProcess()
        var configuration = try ServiceFixture.configuration()
        configuration.policies.tokens.status = StatusProcess.policy
        let (clock, store) = (keyed.clock, keyed.store)
        let now = { @Sendable in clock.now.wall }
        try await store.raiseLongestAccessLifetime(to: .seconds(900))
        let events = EventLog(keyed.log.logger, now: now)
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let lanes = try PasswordLanes(
            PasswordLanes.Settings(laneCount: 1, parameters: cheap), random: SecureRandom.bytes, derive: derive)
        let passwords = keyed.live.current.keyring.passwords
        let new = try NewAccount(name: "alice", email: nil, roles: ["reader"], claims: [:])
        let accepted = try new.accept(ServiceFixture.password, under: configuration.policies.passwords)
        let accounts = Accounts(store: store, lanes: lanes, seal: passwords, now: now)
        _ = try await accounts.add(new, password: accepted)
        let clients = Clients(store: store, now: now)
        let client = try NewClient(name: "feeds", roles: [])
        clientSecret = try await clients.add(client).reveal()
        let resources = Resources(
            policies: configuration.policies, store: store, keys: keyed.live, passwords: passwords, lanes: lanes,
            events: events, now: now)
        let dependencies = Dependencies(
            configuration: configuration, resources: resources, readiness: Readiness())
        statusKeeper = StatusKeeper(
            resources.statusLists, StatusProcess.policy, issuer: configuration.policies.tokens.issuer, keys: keyed.live,
            store: store, events: events, now: now)
        server = try RunningServer(loops: 1) { [dependencies] in Interface.public(dependencies, on: $0) }
        await look()
    }

    /// Does what the timers of a process that runs do each second.
    func look() async {
        await keyed.look()
        await statusKeeper.look()
    }

    /// Stops the process for so long; by default for as long as the keys are then stale, and no token has expired.
    func stop(for duration: Duration = .seconds(5)) { keyed.advance(duration) }

    /// A process beside this one, which takes the steps that are due.
    func other() async throws -> KeyedProcess { try await KeyedProcess(beside: keyed) }

    func send(
        _ method: String, _ path: String, _ fields: [String] = [], body: String? = nil, isForm: Bool = false
    ) throws -> RawResponse {
        let client = try connect(method, path, fields, body: body, isForm: isForm)
        return try client.readResponse(hasBody: method != "HEAD")
    }

    /// Sends a request and leaves its answer to be read.
    func connect(
        _ method: String, _ path: String, _ fields: [String] = [], body: String? = nil, isForm: Bool = false
    ) throws -> RawClient {
        let client = try server.connect()
        var lines = ["\(method) \(path) HTTP/1.1", "Host: a", "Connection: close"] + fields
        if let body {
            let type = isForm ? "application/x-www-form-urlencoded" : "application/json"
            lines += ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"]
        }
        try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        return client
    }

    func logIn() throws -> RawResponse {
        try send("POST", "/login", body: #"{"username":"alice","password":"\#(ServiceFixture.password)"}"#)
    }

    var basicField: String { basic("feeds", clientSecret) }
}
