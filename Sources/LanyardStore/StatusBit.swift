// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A session that was ended, or a service client whose tokens were revoked, as the status lists show it.
package struct StatusBit: Equatable, Sendable {
    /// Where.
    package var index: StatusIndex
    /// Until when it is shown.
    package var until: UnixTime

    /// Creates a bit.
    package init(_ index: StatusIndex, until: UnixTime) {
        self.index = index
        self.until = until
    }

    /// Creates the bit of a service client whose tokens are revoked at `now`.
    ///
    /// The last of them was made just before, by a replica with the longest access lifetime.
    package init(ofClientAt index: StatusIndex, longestAccessLifetime: Duration, at now: UnixTime) {
        self.init(index, until: now + longestAccessLifetime + StatusIndex.margin)
    }

    /// Creates the bit of a session that has just ended; `nil` if it needs none.
    ///
    /// What time ends needs none: the contract names what does, and `exp` is never after the absolute end. When the session
    /// ended makes no difference: the clock that says so may be ahead of those that show the bit.
    package init?(of session: Session) {
        guard let index = session.status, session.endedAt != nil, let cause = session.cause, cause != .expired,
            cause != .idle
        else { return nil }
        self.init(index, until: session.tokensUntil + StatusIndex.margin)
    }
}
