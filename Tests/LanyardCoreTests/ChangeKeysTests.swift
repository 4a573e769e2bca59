// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardStore
import TestSupport
import Testing

/// What an operator's order of keys waits for, and when it is refused.
@Suite struct `Changing keys` {
    @Test func `reports what verifiers will see`() async throws {
        let scene = try await Scene()
        let before = try await scene.foundation
        let report = try await scene.change(.rotate)
        let next = try #require(try await scene.foundation.nextKey)
        #expect(report.text.hasPrefix("published the key \(next.kid) (EdDSA)"))
        #expect(report.text.contains("until then \(before.keys[0].kid) signs"))
        #expect(scene.pauses.isEmpty)
    }

    @Test func `takes an imported key, which signs after the lead`() async throws {
        let scene = try await Scene()
        let key = try PrivateKey.generate(.es256, rsaBits: 2_048)
        let change = scene.changeKeys()
        let report = try await change(importing: key)
        let next = try #require(try await scene.foundation.nextKey)
        #expect(next.algorithm == "ES256")
        #expect(next.signsFrom == scene.clock.now + KeyScene.policy.publishLead)
        #expect(report.text.hasPrefix("published the key \(next.kid) (ES256)"))
        await #expect(throws: ChangeKeys.Failure.order(.refused(.known(next)))) { try await change(importing: key) }
    }

    @Test func `is refused while the store is sealed with the key before`() async throws {
        let scene = try await Scene()
        let before = try await scene.foundation
        let change = scene.changeKeys(MasterKey(Secret(SecureRandom.bytes(32)), before: scene.masterKeyBytes))
        await #expect(throws: ChangeKeys.Failure.sealedWithOldKey) { try await change(.rotate) }
        #expect(try await scene.foundation == before)
    }

    @Test func `is refused with a master key that does not open the store`() async throws {
        let scene = try await Scene()
        let change = scene.changeKeys(MasterKey(Secret(SecureRandom.bytes(32))))
        await #expect(throws: ChangeKeys.Failure.keyring(.wrongMasterKey)) { try await change(.rotate) }
    }

    /// Seconds since the newest key was made, and how long another then waits.
    @Test(arguments: [(-11, 0), (-1, 0), (0, 11), (3, 8), (9, 2), (10, 0), (1_000, 0)])
    func `of refresh tokens waits until every server uses the newest`(age: Int, pause: Int) async throws {
        let scene = try await Scene()
        _ = try await scene.change(.rotateRefresh)
        #expect(scene.pauses.isEmpty, "the only one is used by all")

        scene.clock.advance(by: .seconds(age))
        let report = try await scene.change(.rotateRefresh)
        #expect(scene.pauses == (pause == 0 ? [] : [.seconds(pause)]))
        #expect(scene.announced == scene.pauses)
        #expect(report.text.contains("refresh tokens are made with a new key"))
        #expect(try await scene.foundation.refreshSecrets.count == 2)
    }

    @Test func `of signatures waits for no key of refresh tokens`() async throws {
        let scene = try await Scene()
        _ = try await scene.change(.rotateRefresh)
        _ = try await scene.change(.rotate)
        #expect(scene.pauses.isEmpty)
    }

    @Test func `fails with the store`() async throws {
        let scene = try await Scene()
        scene.store.close()
        await #expect(throws: ChangeKeys.Failure.order(.store(.unavailable))) { try await scene.change(.rotate) }
    }
}

/// A founded store, a clock, and pauses that only the clock notices.
private struct Scene {
    let store = MemoryStore()
    let clock = ManualClock(KeyScene.start)
    let masterKeyBytes = Secret(SecureRandom.bytes(32))
    private let paused = Guarded<[Duration]>([])
    private let willPause = Guarded<[Duration]>([])

    init() async throws {
        let maker = KeyMaker(masterKey: MasterKey(masterKeyBytes), policy: KeyScene.policy)
        let now = clock.now
        _ = try await store.open(founding: { try maker.founding(isDevelopment: false, at: now) })
    }

    var pauses: [Duration] { paused.withLock { $0 } }

    var announced: [Duration] { willPause.withLock { $0 } }

    var foundation: Foundation {
        get async throws { try #require(try await store.foundation()) }
    }

    func changeKeys(_ masterKey: MasterKey? = nil) -> ChangeKeys {
        ChangeKeys(
            store: store, masterKey: masterKey ?? MasterKey(masterKeyBytes), policy: KeyScene.policy,
            now: { [clock] in clock.now },
            pause: { [clock, paused] duration in
                paused.withLock { $0.append(duration) }
                clock.advance(by: duration)
            })
    }

    func change(_ order: KeyOrder) async throws -> KeyReport {
        try await changeKeys()(order) { pause in willPause.withLock { $0.append(pause) } }
    }
}
