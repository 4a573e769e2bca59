// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

/// What time it is for a loop: read once a turn.
struct LoopClock {
    /// Wall time.
    private(set) var now: UnixTime
    /// ``now`` as answers carry it; made once a second.
    private(set) var date: DateLine
    /// Nanoseconds of the monotonic clock.
    private(set) var nanoseconds: UInt64
    private let wall: @Sendable () -> UnixTime

    /// Milliseconds of the monotonic clock.
    var milliseconds: UInt64 { nanoseconds / 1_000_000 }

    /// Reads the clocks.
    init(wall: @escaping @Sendable () -> UnixTime) {
        self.wall = wall
        now = wall()
        date = DateLine(now)
        nanoseconds = DispatchTime.now().uptimeNanoseconds
    }

    /// Reads the clocks again.
    mutating func read() {
        nanoseconds = DispatchTime.now().uptimeNanoseconds
        let second = now.seconds
        now = wall()
        if now.seconds != second { date = DateLine(now) }
    }

    /// Returns the instant `duration` after now, in milliseconds of the monotonic clock.
    func milliseconds(after duration: Duration) -> UInt64 {
        milliseconds + UInt64(clamping: duration.milliseconds)
    }
}
