// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardStore
import LanyardVerifier
import Logging
import TestSupport
import Testing

/// Replicas of one service over one store, and verifiers that keep their copy of the key set as long as they may, in a time
/// that the test moves.
///
/// Everything but time is the real thing: the store, the keepers, the keys, the orders.
final class KeySimulation {
    static let policy = KeyedProcess.policy

    let store = MemoryStore()
    let masterKey = MasterKey(Secret(SecureRandom.bytes(32)))
    private(set) var replicas: [Replica] = []
    private(set) var verifiers: [CachingVerifier] = []
    /// The one true time, which no replica knows.
    private(set) var time = UnixTime(seconds: 1_800_000_000)
    /// The keys that tokens still alive were signed with, and when the last of those dies for every verifier.
    private var signedUntil: [KeyID: UnixTime] = [:]
    /// The keys that have signed, in that order.
    private(set) var signers: [KeyID] = []
    /// What must never happen, and did.
    private(set) var troubles: [String] = []
    /// Keys that verifiers may be unable to check, and until when.
    private var excused: [KeyID: UnixTime] = [:]
    private var fetches = 0
    private var orderedAt = UnixTime(seconds: 0)

    /// Founds the service and starts its replicas, whose clocks are ahead of the true time by `skews`.
    init(skews: [Duration], verifiers count: Int = 6) async throws {
        let maker = KeyMaker(masterKey: masterKey, policy: Self.policy)
        let now = time
        _ = try await store.open(founding: { try maker.founding(isDevelopment: false, at: now) })
        for skew in skews {
            replicas.append(try await Replica(store, masterKey, clock: SimulatedClock(wall: now + skew)))
        }
        for index in 0..<count {
            verifiers.append(CachingVerifier(keys: fetch(), at: now - .seconds(index * 60)))
        }
    }

    /// Lets `duration` pass.
    func run(for duration: Duration) async {
        let end = time + duration
        while time < end, troubles.count < 5 {
            let step = isEventful ? Duration.seconds(1) : .seconds(20)
            await pass(min(step, end.since(time)))
        }
    }

    /// Whether something of a key's life is near; between, nothing that is looked at changes.
    private var isEventful: Bool {
        if time < orderedAt + .seconds(60) { return true }
        for key in replicas[0].foundation.keys {
            let times: [UnixTime?] = [key.createdAt, key.signsFrom, key.retiredAt, key.goneAt, key.leftAt]
            for case .some(let instant) in times where abs(time.since(instant).wholeSeconds) < 50 { return true }
        }
        return false
    }

    private func pass(_ duration: Duration) async {
        time = time + duration
        for replica in replicas where !replica.isPaused {
            replica.clock.advance(by: duration)
            await replica.look()
        }
        for replica in replicas where replica.isPaused { replica.clock.advance(by: duration) }
        sign()
        check()
        for index in verifiers.indices where time.since(verifiers[index].fetchedAt) >= KeyPolicy.cacheLifetime {
            verifiers[index] = CachingVerifier(keys: fetch(), at: time)
        }
    }

    /// Lets every replica that may sign make a token.
    private func sign() {
        for replica in replicas {
            guard replica.live.isFresh else { continue }
            let kid = replica.live.current.keyring.active.kid
            if !signers.contains(kid) { signers.append(kid) }
            // A verifier's leeway, and a clock that is ahead.
            signedUntil[kid] = time + Self.policy.accessLifetime + .seconds(60)
        }
        let time = time
        signedUntil = signedUntil.filter { $0.value > time }
    }

    private func check() {
        let ready = replicas.filter(\.live.isFresh)
        for replica in ready {
            let published = replica.live.current.keyring.published.keyIDs
            if published.isEmpty { troubles.append("\(time.rfc3339): an empty key set") }
            for other in ready where !published.contains(other.live.current.keyring.active.kid.text) {
                troubles.append("\(time.rfc3339): a replica signs with a key that another does not publish")
            }
        }
        for verifier in verifiers {
            for kid in signedUntil.keys where !verifier.keys.keyIDs.contains(kid.text) {
                if let until = excused[kid], time <= until { continue }
                troubles.append("\(time.rfc3339): a verifier does not know \(kid)")
            }
        }
    }

    /// What a verifier gets that asks the replicas that are ready in turn.
    private func fetch() -> KeySet {
        let ready = replicas.filter(\.live.isFresh)
        guard !ready.isEmpty else { return KeySet([]) }
        fetches += 1
        return ready[fetches % ready.count].live.current.keyring.published
    }

    // MARK: What happens

    /// Carries out an order, as a command would on a machine whose clock is right.
    func order(_ order: KeyOrder) async throws -> (KeyOrder.Outcome, KeyReport) {
        let now = time
        orderedAt = now
        let orders = KeyOrders(store: store, masterKey: masterKey, policy: Self.policy, now: { now })
        let read = try await store.foundation()
        let before = try #require(read)
        let outcome = try await orders.carryOut(order)
        return (outcome, KeyReport(outcome, of: before, under: Self.policy, at: now))
    }

    /// Takes it that verifiers cannot check what `kid` signs until `time`.
    func excuse(_ kid: KeyID, until time: UnixTime) { excused[kid] = time }

    /// Forgets the tokens of a revoked key: nobody is to accept them.
    func disown(_ kid: KeyID) { signedUntil[kid] = nil }

    /// Ends the replica with this number and starts another in its place, with the same clock.
    func restart(_ index: Int) async throws {
        replicas[index] = try await Replica(store, masterKey, clock: replicas[index].clock)
    }

    /// Moves the wall clock of a replica, as an operator or a time server does.
    func step(_ index: Int, by duration: Duration) { replicas[index].clock.step(by: duration) }

    /// Stops a replica as a whole, or lets it go on.
    func pause(_ index: Int, _ isPaused: Bool) { replicas[index].isPaused = isPaused }
}

/// One process of the simulation.
final class Replica {
    let clock: SimulatedClock
    let live: LiveKeys
    var isPaused = false
    private let keeper: KeyKeeper
    private let store: MemoryStore
    private(set) var foundation: Foundation

    init(_ store: MemoryStore, _ masterKey: MasterKey, clock: SimulatedClock) async throws {
        self.store = store
        self.clock = clock
        let read = try await store.foundation()
        foundation = try #require(read)
        let keyring = try Keyring(opening: foundation, with: masterKey)
        live = LiveKeys(keyring, running: { clock.now.running })
        let log = EventLog(
            Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { clock.now.wall })
        keeper = KeyKeeper(
            live, foundation: foundation, keyring: keyring, store: store, masterKey: masterKey,
            policy: KeySimulation.policy, events: log, clock: { clock.now }, keyMaking: ImmediateExecutor.shared)
        await look()
    }

    func look() async {
        await keeper.look()
        if let foundation = try? await store.foundation() {
            self.foundation = foundation
        }
    }
}

/// A verifier that reads the key set when its copy is as old as it may be, and never before.
struct CachingVerifier {
    let keys: KeySet
    let fetchedAt: UnixTime

    init(keys: KeySet, at time: UnixTime) {
        self.keys = keys
        fetchedAt = time
    }
}
