// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardStore
import TestSupport
import Testing

/// What a server does with a new master key when it starts.
@Suite struct `Sealing keys anew` {
    private let old = Secret(SecureRandom.bytes(32))
    private let new = Secret(SecureRandom.bytes(32))

    @Test func `leaves everything to the new key alone`() async throws {
        let store = try await foundedStore()
        let (foundation, count) = try await reseal(store)
        #expect(count == 1)
        _ = try Keyring(opening: foundation, with: MasterKey(new))
        #expect(try await store.foundation() == foundation)

        let (again, noCount) = try await reseal(store)
        #expect(noCount == 0, "there is nothing to do twice")
        #expect(again == foundation)
    }

    @Test func `sees what another process has done first`() async throws {
        let store = try await foundedStore()
        let stale = try #require(try await store.foundation())
        let (foundation, _) = try await reseal(store)
        let (seen, count) = try await reseal(store, knowing: stale)
        #expect(count == 0)
        #expect(seen == foundation)
    }

    @Test func `is refused with keys that do not open the store`() async throws {
        let store = try await foundedStore()
        let foundation = try #require(try await store.foundation())
        let reseal = ResealKeys(store: store, masterKey: MasterKey(new))
        await #expect(throws: ResealKeys.Failure.keyring(.wrongMasterKey)) {
            try await reseal(foundation) { Issue.record("nothing was sealed") }
        }
        #expect(try await store.foundation() == foundation)
    }

    @Test func `fails with the store`() async throws {
        let store = try await foundedStore()
        let foundation = try #require(try await store.foundation())
        store.close()
        await #expect(throws: ResealKeys.Failure.store(.unavailable)) {
            try await self.reseal(store, knowing: foundation)
        }
    }

    private func foundedStore() async throws -> MemoryStore {
        let store = MemoryStore()
        let maker = KeyMaker(masterKey: MasterKey(old), policy: KeyScene.policy)
        _ = try await store.open(founding: { try maker.founding(isDevelopment: false, at: KeyScene.start) })
        return store
    }

    /// Seals anew; returns what the store then holds, and how often it was said to be sealed.
    private func reseal(
        _ store: MemoryStore, knowing known: Foundation? = nil
    ) async throws -> (Foundation, count: Int) {
        let reseal = ResealKeys(store: store, masterKey: MasterKey(new, before: old))
        let foundation = if let known { known } else { try #require(try await store.foundation()) }
        var count = 0
        let resealed = try await reseal(foundation) { count += 1 }
        return (resealed, count)
    }
}
