// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Tasks that wait for the same event, each for a limited time.
package final class Waiters<Value: Sendable>: Sendable {
    private struct State {
        var waiting: [Int: CheckedContinuation<Value?, Never>] = [:]
        var lastID = 0
    }

    private let state = Guarded(State())
    private let capacity: Int

    /// Creates an empty list with room for `capacity` tasks.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// Waits for the event.
    ///
    /// - Parameters:
    ///   - patience: How long to wait at most.
    ///   - begin: Called once the task is on the list, so that an event that this brings about, or that came just before,
    ///     is not missed.
    /// - Returns: What ``resume(with:)`` was called with; `nil` if it was not called in time, or too many wait.
    package func wait(within patience: Duration, _ begin: () -> Void) async -> Value? {
        await withCheckedContinuation { continuation in
            let id = state.withLock { state -> Int? in
                guard state.waiting.count < capacity else { return nil }
                state.lastID += 1
                state.waiting[state.lastID] = continuation
                return state.lastID
            }
            guard let id else { return continuation.resume(returning: nil) }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(patience.milliseconds))) {
                [weak self] in
                self?.state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: nil)
            }
            begin()
        }
    }

    /// Lets all go on that wait now.
    package func resume(with value: Value) {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }
}
