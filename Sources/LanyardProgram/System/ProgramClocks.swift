// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase

/// The clocks that a program is started with.
///
/// The executable `lanyard` has the machine's, and neither a setting nor a flag changes that. Tests build a second
/// executable, whose clocks they move.
package struct ProgramClocks: Sendable {
    /// Returns the present instant of wall time.
    let wall: @Sendable () -> UnixTime
    /// Returns the present instant of a clock that nobody sets.
    let running: @Sendable () -> ContinuousClock.Instant
    /// The longest that a wait sleeps before it reads the clock again.
    let longestNap: Duration

    /// Creates clocks that do not run like the machine's, so that waits must look at them often.
    package init(
        wall: @escaping @Sendable () -> UnixTime, running: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.init(wall: wall, running: running, longestNap: .milliseconds(10))
    }

    private init(
        wall: @escaping @Sendable () -> UnixTime, running: @escaping @Sendable () -> ContinuousClock.Instant,
        longestNap: Duration
    ) {
        self.wall = wall
        self.running = running
        self.longestNap = longestNap
    }

    /// The clocks of the machine.
    ///
    /// The C function of the wall clock is `clock_gettime`.
    package static let machine = Self(
        wall: {
            var time = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &time)
            return UnixTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
        },
        running: { .now }, longestNap: .seconds(60))
}
