// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

/// Seals with the newest master key what the one before it has sealed.
///
/// All rows in one step: of several processes that start at once, one does it.
package struct ResealKeys: Sendable {
    private let store: any KeyStore
    private let masterKey: MasterKey

    /// Creates what seals the rows of a store anew.
    package init(store: any KeyStore, masterKey: MasterKey) {
        self.store = store
        self.masterKey = masterKey
    }

    /// Why rows were not sealed anew.
    package enum Failure: Error, Equatable, Sendable {
        /// The store did not do its step.
        case store(StoreError)
        /// Neither master key opens the store.
        case keyring(KeyringError)
    }

    /// Seals anew what has to be.
    ///
    /// - Parameters:
    ///   - foundation: What the store holds.
    ///   - didReseal: Called if rows were sealed anew, by this call and not by another process.
    /// - Returns: What the store then holds.
    /// - Throws: A ``Failure``.
    package func callAsFunction(
        _ foundation: Foundation, didReseal: () -> Void
    ) async throws(Failure) -> Foundation {
        var foundation = foundation
        for _ in 0..<Self.tries {
            guard let change = try change(for: foundation) else { return foundation }
            let isMade = try await rethrowing(
                as: Failure.store, await store.changeKeys(change, at: foundation.keyVersion))
            if isMade { didReseal() }
            guard let read = try await rethrowing(as: Failure.store, await store.foundation()) else {
                throw .store(.unavailable)
            }
            foundation = read
        }
        throw .store(.unavailable)
    }

    private func change(for foundation: Foundation) throws(Failure) -> KeyChange? {
        do throws(KeyringError) {
            return try Keyring.resealing(foundation, with: masterKey)
        } catch {
            throw .keyring(error)
        }
    }

    /// How often the step is tried anew; others change keys a few times a month.
    private static let tries = 10
}
