// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// A clock that stands still until a test moves it, and knows who sleeps by it.
package final class HeldClock: Clock {
    private struct Sleeper {
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: Sleeper] = [:]
        var lastID = 0
        /// Those that were cancelled before they slept.
        var cancelled: Set<Int> = []
    }

    private let state = Guarded(State())

    /// Creates a clock.
    package init() {}

    package var now: ContinuousClock.Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .zero }

    package func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isLate = state.withLock { state -> Bool? in
                    if state.cancelled.remove(id) != nil { return nil }
                    guard deadline > state.now else { return true }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return false
                }
                switch isLate {
                case nil: continuation.resume(throwing: CancellationError())
                case true?: continuation.resume()
                case false?: break
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
                state.cancelled.insert(id)
                return nil
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Whether nobody sleeps.
    package var isEmpty: Bool { state.withLock { $0.sleepers.isEmpty } }

    /// Waits until somebody sleeps; returns how long the next to wake has left, or `nil` if nobody comes to sleep.
    package func waitForSleeper() -> Duration? {
        var left: Duration?
        _ = eventually {
            left = state.withLock { state in
                state.sleepers.values.map(\.deadline).min().map { state.now.duration(to: $0) }
            }
            return left != nil
        }
        return left
    }

    /// Moves the clock, and wakes those whose time has come.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }
}
