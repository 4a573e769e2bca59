// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCore
internal import LanyardCrypto
package import LanyardStore
package import TestSupport

/// One process with its keys, over a store that can fail; its clocks are moved by the test.
package final class KeyedProcess {
    package static let policy = KeyPolicy(
        algorithm: .edDSA, rsaBits: 2_048, rotationInterval: .seconds(1_800), publishLead: .seconds(600),
        accessLifetime: .seconds(300), statusTokenLifetime: .zero, sessionLifetime: .seconds(7_200))

    /// How the tokens of the process are made.
    package static let tokens = TokenPolicy(
        issuer: IssuerURL("https://auth.example.com", origin: "https://auth.example.com", path: ""),
        accessLifetime: .seconds(900), audience: ["lanyard", "feeds"], type: "at+jwt")

    package let store: FlakyStore
    package let masterKeyBytes: Secret<[UInt8]>
    package let clock: SimulatedClock
    package let log = LogRecorder()
    package let live: LiveKeys
    private let loop = QueueConfinement()
    private let keys: LoopKeys
    package let jobs = HeldJobs()
    private let keeper: KeyKeeper

    /// Founds a store, or starts a second process on the store of another.
    package init(beside other: KeyedProcess? = nil, over memory: MemoryStore = MemoryStore()) async throws {
        let bytes = other?.masterKeyBytes ?? Secret(SecureRandom.bytes(32))
        let masterKey = MasterKey(bytes)
        let store = other?.store ?? FlakyStore(memory)
        let clock = SimulatedClock(wall: other?.clock.now.wall ?? UnixTime(seconds: 1_800_000_000))
        (masterKeyBytes, self.store, self.clock) = (bytes, store, clock)
        let maker = KeyMaker(masterKey: masterKey, policy: Self.policy)
        let foundation = try await store.open(founding: { try maker.founding(isDevelopment: false, at: clock.now.wall) }
        )
        let keyring = try Keyring(opening: foundation, with: masterKey)
        live = LiveKeys(keyring, running: { clock.now.running })
        keys = LoopKeys(live, Self.tokens, on: loop)
        let jobs = jobs
        keeper = KeyKeeper(
            live, foundation: foundation, keyring: keyring, store: store, masterKey: masterKey, policy: Self.policy,
            events: EventLog(log.logger, now: { clock.now.wall }),
            clock: { clock.now }, keyMaking: jobs)
    }

    /// Whether a token would be signed now.
    package var signs: Bool {
        let signs = loop.run { (try? keys.issuer) != nil }
        precondition(signs == live.isFresh, "fresh keys sign, and no others")
        return signs
    }

    /// What the store holds, whatever is broken.
    package var foundation: Foundation {
        get async throws {
            guard let read = try await store.store.foundation() else { throw StoreError.notFounded }
            return read
        }
    }

    package func advance(_ duration: Duration) { clock.advance(by: duration) }

    package func look() async { await keeper.look() }

    /// Does what was left for the background, and waits until the store has it.
    package func runJobs() async {
        jobs.run()
        _ = try? await foundation
        jobs.hold()
    }

    /// Carries out an order, as a command would.
    package func order(_ order: KeyOrder) async throws {
        let now = clock.now.wall
        let orders = KeyOrders(
            store: store.store, masterKey: MasterKey(masterKeyBytes), policy: Self.policy, now: { now })
        _ = try await orders.carryOut(order)
    }

    /// Changes the keys behind everybody's back.
    package func change(_ change: KeyChange) async throws {
        let version = try await foundation.keyVersion
        let isMade = try await store.store.changeKeys(change, at: version)
        guard isMade else { throw StoreError.conflict }
    }
}
