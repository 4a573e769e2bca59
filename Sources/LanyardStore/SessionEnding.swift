// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// Which sessions are to end, and why.
package struct SessionEnding: Equatable, Sendable {
    /// Which.
    package enum Scope: Equatable, Sendable {
        /// One, if it is of this account where one is named.
        case one(id: SessionID, account: AccountID?)
        /// All of the account that one belongs to, if that goes on and its refresh token, where a generation is named, is not
        /// older than the one before the newest; else only that one.
        case allBeside(id: SessionID, generation: Int64?)
        /// All of an account.
        case all(account: AccountID)
        /// Any, up to so many at once, those with the lowest ids after this one first.
        case any(after: SessionID, limit: Int)
    }

    /// Which.
    package var scope: Scope
    /// Why.
    package var cause: Session.Cause
    /// How long sessions last: one that is over is not ended again.
    package var lifetimes: SessionLifetimes

    /// Creates an ending.
    package init(_ scope: Scope, cause: Session.Cause, lifetimes: SessionLifetimes) {
        self.scope = scope
        self.cause = cause
        self.lifetimes = lifetimes
    }
}

extension Session {
    /// Whether a refresh token of this generation is the newest of the session or the one before, or newer than the store.
    package func isCurrent(_ generation: Int64) -> Bool { generation >= current || generation == previous }

    /// Whether the session goes on at `now`.
    package func isLive(_ lifetimes: SessionLifetimes, at now: UnixTime) -> Bool {
        endedAt == nil && now < lifetimes.end(of: self).at
    }
}
