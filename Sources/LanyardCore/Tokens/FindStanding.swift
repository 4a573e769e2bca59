// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore
package import LanyardVerifier

/// A verified access token for its standing.
package struct FindStanding: Sendable {
    let store: any ClientStore & SessionStore
    let lifetimes: SessionLifetimes
    let now: @Sendable () -> UnixTime

    /// Returns what `token` is good for now.
    package func callAsFunction(_ token: VerifiedToken) async throws(StoreError) -> Standing {
        guard let sessionID = token.session else {
            let client = try await store.client(id: token.client)
            guard let client, client.hasIssued(token) else { return .void(reason: "client_removed") }
            return .client(client)
        }
        guard let owned = try await store.session(id: sessionID), owned.account.id == token.account
        else {
            return .void(reason: "unknown")
        }
        if let reason = reason(against: owned) { return .void(reason: reason) }
        return .session(owned)
    }

    /// Returns why the session does not go on; `nil` if it does.
    private func reason(against owned: SessionOwned) -> String? {
        if let cause = owned.session.cause { return cause.rawValue }
        let end = lifetimes.end(of: owned.session)
        if now() >= end.at { return end.cause.rawValue }
        return owned.account.disabledAt == nil ? nil : Session.Cause.disabled.rawValue
    }
}
