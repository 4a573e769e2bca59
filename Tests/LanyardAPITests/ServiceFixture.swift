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
internal import LanyardWeb
import Logging
import TestSupport

/// A service over a store in memory, behind a real server on the loopback, with a clock that the test moves.
final class ServiceFixture: Sendable {
    static let issuer = "https://auth.example.com"
    static let password = "a password of alice"

    let server: RunningServer
    let management: RunningServer
    private let dependencies: Dependencies
    /// What the routes declare, which every response is held against.
    let declared: DeclaredOperations
    let store: any Store
    let keyring: Keyring
    let accounts: Accounts
    let decoys: PasswordDecoys
    let decoyKeeper: DecoyKeeper
    let alice: Account
    let clock = ManualClock(UnixTime(seconds: 1_800_000_000))
    private let counter = HashCounter()
    private let stay: Turnstile.Stay

    /// Starts a service with the account `alice`, roles `reader` and `writer`.
    ///
    /// - Parameters:
    ///   - configure: Changes the settings from those of the fixture.
    ///   - lanes: Where passwords are hashed, if not in one lane with cheap parameters.
    ///   - derive: How passwords are hashed, for a test that holds a hash up.
    ///   - log: Where events are told, if anywhere.
    ///   - wrap: Makes what the endpoints see of the store; the fixture itself writes to the memory below.
    /// - Throws: What the store or a hash fails with.
    init(
        configure: (inout APIConfiguration) -> Void = { _ in }, lanes: PasswordLanes.Settings? = nil,
        derive: @escaping PasswordDerivation = PasswordScheme.derivation,
        log: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        wrapping wrap: (MemoryStore) -> any Store = { $0 }
    ) async throws {
        stay = await Self.turnstile.enter()
        let clock = clock
        let counter = counter
        let memory = MemoryStore()
        let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
        var configuration = try Self.configuration()
        configure(&configuration)
        let maker = KeyMaker(masterKey: masterKey, policy: Self.keyPolicy)
        let foundation = try await memory.open(founding: { try maker.founding(isDevelopment: false, at: clock.now) })
        try await memory.raiseLongestAccessLifetime(to: configuration.policies.tokens.accessLifetime)
        keyring = try Keyring(opening: foundation, with: masterKey)
        store = wrap(memory)
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let passwordLanes = try PasswordLanes(
            lanes ?? PasswordLanes.Settings(laneCount: 1, parameters: cheap), random: SecureRandom.bytes,
            derive: derive, observe: { _ in counter.count() })
        accounts = Accounts(store: memory, lanes: passwordLanes, seal: keyring.passwords, now: { clock.now })
        let new = try NewAccount(
            name: "alice", email: "alice@example.com", roles: ["reader", "writer"], claims: ["plan": "gold"])
        let accepted = try new.accept(Self.password, under: configuration.policies.passwords)
        let accounts = accounts
        alice = try await accounts.add(new, password: accepted)
        let resources = Resources(
            policies: configuration.policies, store: store, keys: LiveKeys(keyring, running: { Self.running }),
            passwords: keyring.passwords, lanes: passwordLanes, events: EventLog(log, now: { clock.now }),
            now: { clock.now })
        dependencies = Dependencies(configuration: configuration, resources: resources, readiness: Readiness())
        decoys = resources.decoys
        decoyKeeper = DecoyKeeper(resources)
        let noLoop = LoopExecutor(Mailbox(capacity: 0) {}, DispatchQueue(label: "no loop"))
        declared = DeclaredOperations([.public(dependencies, on: noLoop), .management(dependencies, on: noLoop)])
        server = try RunningServer { [dependencies] in Interface.public(dependencies, on: $0) }
        management = try RunningServer(loops: 1) { [dependencies] in Interface.management(dependencies, on: $0) }
    }

    /// Another public interface over the same store, as for one more loop.
    var interface: Interface {
        .public(dependencies, on: LoopExecutor(Mailbox(capacity: 0) {}, DispatchQueue(label: "no loop")))
    }

    /// Three threads each.
    private static let turnstile = Turnstile(admitting: 40)

    /// How many hashes were computed since the account was added.
    var hashesComputed: Int { counter.value - 1 }

    static func configuration() throws -> APIConfiguration {
        APIConfiguration(
            policies: Policies(
                tokens: TokenPolicy(
                    issuer: IssuerURL(issuer, origin: issuer, path: ""), accessLifetime: .seconds(900),
                    audience: ["lanyard", "feeds"], type: "at+jwt"),
                sessions: SessionPolicy(
                    lifetimes: SessionLifetimes(
                        idle: .seconds(14 * 86_400), absolute: .seconds(30 * 86_400), refreshGrace: .seconds(10)),
                    maximumPerAccount: 100, requiresAccessToken: false),
                passwords: PasswordPolicy()),
            allowedOrigins: AllowedOrigins(["https://app.example.com"], allowsLoopback: false))
    }

    /// Keys that no time ends.
    private static let keyPolicy = KeyPolicy(
        algorithm: .es256, rsaBits: 2_048, rotationInterval: .zero, publishLead: .seconds(3_600),
        accessLifetime: .seconds(900), statusTokenLifetime: .zero, sessionLifetime: .seconds(30 * 86_400))

    /// A clock that stands still: keys that nobody keeps do not go stale.
    private static let running = ContinuousClock.now
}

/// Counts hashes from any lane.
private final class HashCounter: Sendable {
    private let counted = Guarded(0)
    var value: Int { counted.withLock { $0 } }
    func count() { counted.withLock { $0 += 1 } }
}
