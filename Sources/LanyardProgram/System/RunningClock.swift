// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The program's monotonic clock, for pauses.
struct RunningClock: Clock {
    var now: ContinuousClock.Instant { SystemClock.running() }
    var minimumResolution: Duration { ContinuousClock().minimumResolution }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        while true {
            let left = now.duration(to: deadline)
            guard left > .zero else { return }
            // A clock that tests move may come to the deadline sooner than it seems.
            try await Task.sleep(for: min(left, SystemClock.longestNap), tolerance: tolerance)
        }
    }
}
