// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore
package import TestSupport

/// A store that fails in one kind of call, or during which something happens.
package final class FlakyStore: PassingStore {
    package let store: MemoryStore

    package init(_ store: MemoryStore) {
        self.store = store
    }

    package enum Call: Sendable {
        case keyVersion, foundation, changeKeys, statusLists, statusBits
        /// The store is read and was never founded.
        case emptiness
    }

    private struct Plan {
        var broken: Call?
        var interlude: Interlude?
        var losesRace = false
    }

    private struct Interlude: Sendable {
        let call: Call
        let run: @Sendable () -> Void
    }

    private let plan = Guarded(Plan())

    /// Lets all calls of a kind fail from now on.
    package func `break`(_ call: Call?) { plan.withLock { $0.broken = call } }

    /// Runs something in the next call of a kind, before it is passed on.
    package func during(_ call: Call, _ run: @escaping @Sendable () -> Void) {
        plan.withLock { $0.interlude = Interlude(call: call, run: run) }
    }

    /// Lets another process change something just before the next change.
    package func loseNextRace() { plan.withLock { $0.losesRace = true } }

    private func begin(_ call: Call) -> Bool {
        let (interlude, isBroken) = plan.withLock { plan in
            let interlude = plan.interlude?.call == call ? plan.interlude : nil
            if interlude != nil { plan.interlude = nil }
            return (interlude, plan.broken == call)
        }
        interlude?.run()
        return !isBroken
    }

    package func keyVersion() async throws(StoreError) -> Int64 {
        guard begin(.keyVersion) else { throw .unavailable }
        return try await store.keyVersion()
    }

    package func foundation() async throws(StoreError) -> Foundation? {
        guard begin(.emptiness) else { return nil }
        guard begin(.foundation) else { throw .unavailable }
        return try await store.foundation()
    }

    package func changeKeys(_ change: KeyChange, at version: Int64) async throws(StoreError) -> Bool {
        guard begin(.changeKeys) else { throw .unavailable }
        let losesRace = plan.withLock { plan in
            defer { plan.losesRace = false }
            return plan.losesRace
        }
        if losesRace { _ = try await store.changeKeys(KeyChange(), at: version) }
        return try await store.changeKeys(change, at: version)
    }

    package func statusLists() async throws(StoreError) -> StatusLists {
        guard begin(.statusLists) else { throw .unavailable }
        return try await store.statusLists()
    }

    package func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit] {
        guard begin(.statusBits) else { throw .unavailable }
        return try await store.statusBits(after: index, limit: limit, at: now)
    }
}
