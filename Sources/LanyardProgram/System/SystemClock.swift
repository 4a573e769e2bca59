// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase

/// The wall clock of the machine; everything else is handed the time.
package enum SystemClock {
    /// Returns the present instant.
    ///
    /// The C function is `clock_gettime`.
    @Sendable package static func now() -> UnixTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
