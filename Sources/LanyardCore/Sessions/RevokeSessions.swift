// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// Ends sessions for an operator: one, or those of an account.
///
/// ``RevokeAll`` ends those of all accounts.
package struct RevokeSessions: Sendable {
    private let store: any AccountStore & SessionStore
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    /// Creates what ends the sessions of a store.
    package init(
        store: any AccountStore & SessionStore, lifetimes: SessionLifetimes, now: @escaping @Sendable () -> UnixTime
    ) {
        self.store = store
        self.lifetimes = lifetimes
        self.now = now
    }

    /// Why a session was not ended.
    package enum Refusal: Error, Equatable, Sendable {
        /// No session has this id.
        case unknown(id: SessionID)
        /// The session had ended before.
        case over(id: SessionID)
        /// The store did not do its step.
        case store(StoreError)
    }

    /// Ends the session with this id.
    package func callAsFunction(_ id: SessionID) async throws(Refusal) {
        let outcome = try await rethrowing(as: Refusal.store, await end(.one(id: id, account: nil)))
        guard outcome.isKnown else { throw .unknown(id: id) }
        guard !outcome.ended.isEmpty else { throw .over(id: id) }
    }

    /// Ends the sessions of the account that logs in with `name`; returns those that were not over.
    package func callAsFunction(ofAccount name: String) async throws(AccountError) -> [EndedSession] {
        let account = try await store.account(named: name)
        return try await rethrowing(as: AccountError.store, await end(.all(account: account.id))).ended
    }

    private func end(_ scope: SessionEnding.Scope) async throws(StoreError) -> SessionsEnded {
        try await store.endSessions(SessionEnding(scope, cause: .revoked, lifetimes: lifetimes), at: now())
    }
}
