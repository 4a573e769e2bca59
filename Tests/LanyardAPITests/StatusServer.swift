// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardPasswords
import LanyardVerifier
import TestSupport

/// A process that serves its status lists.
final class StatusServer {
    let process: StatusProcess
    private let server: RunningServer

    /// Starts a server whose lists' indices are drawn as written down.
    init(drawing indices: [Int] = []) async throws {
        let keyed = try await StatusProcess.keyed(drawing: indices)
        var configuration = try ServiceFixture.configuration()
        configuration.policies.tokens.status = StatusProcess.policy
        let clock = keyed.clock
        let lanes = try PasswordLanes(
            PasswordLanes.Settings(
                laneCount: 1, parameters: try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)),
            random: SecureRandom.bytes)
        let resources = Resources(
            policies: configuration.policies, store: keyed.store, keys: keyed.live,
            passwords: keyed.live.current.keyring.passwords, lanes: lanes,
            events: EventLog(keyed.log.logger, now: { clock.now.wall }), now: { clock.now.wall })
        let dependencies = Dependencies(
            configuration: configuration, resources: resources, readiness: Readiness())
        server = try RunningServer(loops: 1) { [dependencies] in Interface.public(dependencies, on: $0) }
        process = try await StatusProcess(keyed, resources.statusLists)
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
