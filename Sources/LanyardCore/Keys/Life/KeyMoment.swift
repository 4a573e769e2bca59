// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// One moment by two clocks.
///
/// The wall clock says when something is to happen, and all replicas have about the same; but it can be set, forwards and
/// backwards. The clock that nobody sets says how long this process has seen something, which a key needs before it may
/// sign.
package struct KeyMoment: Sendable {
    /// By the wall clock.
    package var wall: UnixTime
    /// By the clock that nobody sets.
    package var running: ContinuousClock.Instant

    /// Creates a moment.
    package init(wall: UnixTime, running: ContinuousClock.Instant) {
        self.wall = wall
        self.running = running
    }
}
