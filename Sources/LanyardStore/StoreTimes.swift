// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a store remembers of the servers' settings and clocks, which it judges sessions by.
package struct StoreTimes: Equatable, Sendable {
    /// The longest access lifetime that any replica has used.
    package var longestAccessLifetime: Duration
    /// The latest time that a server has recorded as its own; `nil` before the first.
    package var clockRecord: UnixTime?

    /// Creates times.
    package init(longestAccessLifetime: Duration = .zero, clockRecord: UnixTime? = nil) {
        self.longestAccessLifetime = longestAccessLifetime
        self.clockRecord = clockRecord
    }

    /// Returns whether a server's clock that says `now` is behind the record: one of the two is wrong, and the server cannot
    /// know which.
    package func isBehind(_ now: UnixTime) -> Bool {
        clockRecord.map { $0 > now + RefreshDecision.clockTolerance } ?? false
    }

    /// Returns whether a session rotated at `now` would still be alive at the recorded time.
    ///
    /// If not, a rotation dated `now` could end the session as soon as a server with the other clock sees it.
    func outlives(_ lifetimes: SessionLifetimes, rotatedAt now: UnixTime) -> Bool {
        clockRecord.map { now + lifetimes.idle > $0 } ?? true
    }
}
