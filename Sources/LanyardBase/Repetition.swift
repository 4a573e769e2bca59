// SPDX-License-Identifier: Apache-2.0

/// Work that is done again and again, one time after the other, with a pause between.
///
/// It runs on a task of its own until it is stopped. Each time says how long to pause before the next; ``wake()`` ends a
/// pause early.
package final class Repetition: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isStopped = false
        /// The pause that is under way.
        var pause: Task<Void, Never>?
        /// Whether ``Repetition/wake()`` was called since the last time began.
        var isWoken = false
    }

    private let state = Guarded(State())
    private let executor: QueueExecutor
    private let clock: any Clock<Duration>

    /// Creates work that has not begun.
    ///
    /// - Parameters:
    ///   - executor: Where the work is done.
    ///   - clock: What pauses are measured by.
    package init(on executor: QueueExecutor, clock: any Clock<Duration>) {
        self.executor = executor
        self.clock = clock
    }

    /// Begins.
    ///
    /// - Parameters:
    ///   - firstPause: The pause before the first time.
    ///   - step: Does the work once and returns the pause until the next time; `nil` if there is no next time.
    /// - Precondition: Called once.
    package func start(after firstPause: Duration = .zero, _ step: @escaping @Sendable () async -> Duration?) {
        let task = Task(executorPreference: executor) {
            var next: Duration? = firstPause
            while let pause = next {
                await self.wait(pause)
                guard self.beginTime() else { return }
                next = await step()
            }
        }
        let isStopped = state.withLock { state in
            precondition(state.task == nil, "it was started before")
            state.task = task
            return state.isStopped
        }
        if isStopped { task.cancel() }
    }

    /// Ends the pause that is under way; if the work is under way instead, it is done again without a pause.
    package func wake() {
        let pause = state.withLock { state in
            state.isWoken = true
            return state.pause
        }
        pause?.cancel()
    }

    /// Begins nothing more; what is under way goes on to its end.
    package func stop() {
        let (task, pause) = state.withLock { state in
            state.isStopped = true
            return (state.task, state.pause)
        }
        pause?.cancel()
        task?.cancel()
    }

    /// Whether ``stop()`` was called.
    package var isStopped: Bool { state.withLock { $0.isStopped } }

    private func beginTime() -> Bool {
        state.withLock { state in
            state.isWoken = false
            return !state.isStopped
        }
    }

    private func wait(_ duration: Duration) async {
        guard duration > .zero else { return }
        let pause = state.withLock { state -> Task<Void, Never>? in
            guard !state.isWoken, !state.isStopped else { return nil }
            let pause = Task(executorPreference: executor) { [clock] in
                _ = try? await clock.sleep(for: duration)
            }
            state.pause = pause
            return pause
        }
        await pause?.value
        state.withLock { $0.pause = nil }
    }
}
