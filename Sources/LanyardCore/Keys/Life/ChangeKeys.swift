// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCrypto
package import LanyardStore

/// Changes keys as an operator orders, and reports what verifiers will see of it.
package struct ChangeKeys: Sendable {
    private let store: any KeyStore
    private let masterKey: MasterKey
    private let policy: KeyPolicy
    private let now: @Sendable () -> UnixTime
    private let pause: @Sendable (Duration) async -> Void

    /// Creates what changes the keys of a store.
    ///
    /// - Parameters:
    ///   - store: The store, which servers use meanwhile.
    ///   - masterKey: What seals keys.
    ///   - policy: How keys live.
    ///   - now: The time.
    ///   - pause: Waits.
    package init(
        store: any KeyStore, masterKey: MasterKey, policy: KeyPolicy, now: @escaping @Sendable () -> UnixTime,
        pause: @escaping @Sendable (Duration) async -> Void
    ) {
        self.store = store
        self.masterKey = masterKey
        self.policy = policy
        self.now = now
        self.pause = pause
    }

    /// Why no key was changed.
    package enum Failure: Error, Equatable, Sendable {
        /// The store is still sealed with the master key before the newest; a server that starts
        /// seals it anew.
        case sealedWithOldKey
        /// The master key does not open the store.
        case keyring(KeyringError)
        /// The given key could not be sealed: libcrypto failed.
        case unsealable
        /// The order was not carried out.
        case order(KeyOrderError)
    }

    /// Carries out `order`.
    ///
    /// - Parameters:
    ///   - order: What to change.
    ///   - willWait: Called with how long this then waits, if it waits.
    /// - Returns: What verifiers will see of it.
    /// - Throws: A ``Failure``.
    package func callAsFunction(
        _ order: KeyOrder, willWait: (Duration) -> Void = { _ in }
    ) async throws(Failure) -> KeyReport {
        let foundation = try await foundation()
        try checkSeals(of: foundation)
        if case .rotateRefresh = order, let left = timeUntilTakeover(of: foundation.refreshSecrets) {
            willWait(left)
            await pause(left)
        }
        let orders = KeyOrders(store: store, masterKey: masterKey, policy: policy, now: now)
        let outcome = try await rethrowing(as: Failure.order, await orders.carryOut(order))
        return KeyReport(outcome, of: foundation, under: policy, at: now())
    }

    /// Publishes `key`, which signs next.
    package func callAsFunction(importing key: PrivateKey) async throws(Failure) -> KeyReport {
        let maker = KeyMaker(masterKey: masterKey, policy: policy)
        guard let record = try? maker.record(of: key, at: now(), lead: policy.publishLead) else { throw .unsealable }
        return try await self(.add(record))
    }

    private func foundation() async throws(Failure) -> Foundation {
        let foundation = try await rethrowing(
            as: { Failure.order(.store($0)) }, await store.foundation())
        guard let foundation else { throw .order(.store(.unavailable)) }
        return foundation
    }

    /// Refuses a store that the newest master key has not sealed: servers that do not have that key
    /// yet could not open what would be sealed with it.
    private func checkSeals(of foundation: Foundation) throws(Failure) {
        let change: KeyChange?
        do throws(KeyringError) {
            change = try Keyring.resealing(foundation, with: masterKey)
        } catch {
            throw .keyring(error)
        }
        guard change == nil else { throw .sealedWithOldKey }
    }

    /// Returns how long until every server makes refresh tokens with the newest key; `nil` if all do.
    ///
    /// Another key would take from a server the one that it makes tokens with, and until that
    /// server reads the store again, nobody would accept its tokens.
    private func timeUntilTakeover(of secrets: [SecretRecord]) -> Duration? {
        guard secrets.count > 1, let newest = secrets.last else { return nil }
        let left = KeyPolicy.refreshKeyTakeover - now().since(newest.createdAt)
        // A key from the future was made by a clock that was wrong, and says nothing about servers.
        guard left > .zero, left <= KeyPolicy.refreshKeyTakeover else { return nil }
        return .seconds(left.wholeSeconds + 1)
    }
}
