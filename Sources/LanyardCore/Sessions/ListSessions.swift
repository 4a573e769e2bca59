// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// Lists the sessions of an account that are not over, newest first.
package struct ListSessions: Sendable {
    private let store: any AccountStore & SessionStore
    private let lifetimes: SessionLifetimes
    private let now: @Sendable () -> UnixTime

    /// Creates what lists the sessions of a store.
    package init(
        store: any AccountStore & SessionStore, lifetimes: SessionLifetimes, now: @escaping @Sendable () -> UnixTime
    ) {
        self.store = store
        self.lifetimes = lifetimes
        self.now = now
    }

    /// Returns the sessions of the account with this id, the newest `limit` of them.
    package func callAsFunction(of account: AccountID, limit: Int) async throws(StoreError) -> [Session] {
        try await store.sessions(ofAccount: account, lifetimes: lifetimes, limit: limit, at: now())
    }

    /// Returns the sessions of the account that logs in with `name`.
    package func callAsFunction(ofAccount name: String) async throws(AccountError) -> [Session] {
        let account = try await store.account(named: name)
        return try await rethrowing(as: AccountError.store, await self(of: account.id, limit: Self.maximumListed))
    }

    /// More than the settings let an account have at one time.
    private static let maximumListed = 100_000
}
