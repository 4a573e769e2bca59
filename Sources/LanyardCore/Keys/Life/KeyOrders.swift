// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// Carries out what operators order of the keys, on a store that servers use meanwhile.
package struct KeyOrders: Sendable {
    private let store: any KeyStore
    private let maker: KeyMaker
    private let policy: KeyPolicy
    private let now: @Sendable () -> UnixTime

    /// Creates what carries out orders.
    package init(
        store: any KeyStore, masterKey: MasterKey, policy: KeyPolicy, now: @escaping @Sendable () -> UnixTime
    ) {
        self.store = store
        self.policy = policy
        self.now = now
        maker = KeyMaker(masterKey: masterKey, policy: policy)
    }

    /// Carries out `order`: decides on what the store holds, and decides again if that was changed meanwhile.
    ///
    /// May take a second of a core, for a new key.
    package func carryOut(_ order: KeyOrder) async throws(KeyOrderError) -> KeyOrder.Outcome {
        var made: PrivateKey?
        for _ in 0..<Self.tries {
            guard let foundation = try await rethrowing(as: KeyOrderError.store, await store.foundation()) else {
                throw .store(.unavailable)
            }
            let (outcome, change) = try decide(order, foundation, &made)
            guard let change else { return outcome }
            if try await rethrowing(as: KeyOrderError.store, await store.changeKeys(change, at: foundation.keyVersion))
            {
                return outcome
            }
        }
        throw .store(.unavailable)
    }

    /// Decides on what `foundation` holds; a key that was made for an earlier try is used for this one.
    private func decide(
        _ order: KeyOrder, _ foundation: Foundation, _ made: inout PrivateKey?
    ) throws(KeyOrderError) -> (KeyOrder.Outcome, KeyChange?) {
        var supplied = made
        defer { made = supplied }
        let supplies = KeyOrder.Supplies(
            key: { (lead) throws(KeyOrderError) in
                guard let key = try? supplied ?? maker.newKey() else { throw .crypto }
                supplied = key
                guard let record = try? maker.record(of: key, at: now(), lead: lead) else { throw .crypto }
                return record
            },
            secret: { () throws(KeyOrderError) in
                guard let secret = try? maker.secret(for: .refresh, at: now()) else { throw .crypto }
                return secret
            })
        return try order.decision(for: foundation, supplies, publishLead: policy.publishLead, at: now())
    }

    /// How often a decision is made anew; others change keys a few times a month.
    private static let tries = 10
}
