// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardCrypto
package import LanyardStore

/// Carries out what operators order of the keys, on a store that servers use meanwhile.
package struct KeyOrders: Sendable {
    private let store: any Store
    private let maker: KeyMaker
    private let policy: KeyPolicy
    private let now: @Sendable () -> UnixTime

    /// Creates what carries out orders.
    package init(
        store: any Store, masterKey: MasterKey, policy: KeyPolicy, now: @escaping @Sendable () -> UnixTime
    ) {
        self.store = store
        self.policy = policy
        self.now = now
        maker = KeyMaker(masterKey: masterKey, policy: policy)
    }

    /// Carries out `order`: decides on what the store holds, and decides again if that was changed meanwhile.
    ///
    /// May take a second of a core on the store's queue, for a new key.
    ///
    /// - Parameters:
    ///   - order: What is to be done.
    ///   - completion: Called once, on any queue.
    package func carryOut(
        _ order: KeyOrder, completion: @escaping @Sendable (Result<KeyOrder.Outcome, KeyOrderError>) -> Void
    ) {
        attempt(order, made: nil, triesLeft: Self.tries, completion)
    }

    private func attempt(
        _ order: KeyOrder, made: PrivateKey?, triesLeft: Int,
        _ completion: @escaping @Sendable (Result<KeyOrder.Outcome, KeyOrderError>) -> Void
    ) {
        store.foundation { result in
            guard case .success(let foundation?) = result else {
                let error: StoreError = if case .failure(let error) = result { error } else { .unavailable }
                return completion(.failure(.store(error)))
            }
            var made = made
            let decision: (outcome: KeyOrder.Outcome, change: KeyChange?)
            do throws(KeyOrderError) {
                decision = try decide(order, foundation, &made)
            } catch {
                return completion(.failure(error))
            }
            guard let change = decision.change else { return completion(.success(decision.outcome)) }
            let key = made
            store.changeKeys(change, at: foundation.keyVersion) { result in
                switch result {
                case .success(true): completion(.success(decision.outcome))
                case .success(false) where triesLeft > 1:
                    attempt(order, made: key, triesLeft: triesLeft - 1, completion)
                case .success(false): completion(.failure(.store(.unavailable)))
                case .failure(let error): completion(.failure(.store(error)))
                }
            }
        }
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
