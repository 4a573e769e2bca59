// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The clocks that the program reads; everything else is handed the time.
package enum SystemClock {
    /// Written once at most, before the program starts its first thread.
    nonisolated(unsafe) private static var clocks = ProgramClocks.machine

    /// Returns the present instant of wall time.
    @Sendable package static func now() -> UnixTime { unsafe clocks.wall() }

    /// Returns the present instant of the monotonic clock.
    @Sendable package static func running() -> ContinuousClock.Instant { unsafe clocks.running() }

    /// The longest that a wait sleeps before it reads the clock again.
    static var longestNap: Duration { unsafe clocks.longestNap }

    /// Reads other clocks from now on.
    static func use(_ clocks: ProgramClocks) { unsafe self.clocks = clocks }
}
