// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase

/// Runs the task of a command on the thread that the process was started with.
///
/// Signals that the program does not expect go to that thread, so what a command says of signals must be said there. (An
/// asynchronous `main` would leave it to Dispatch.)
final class MainThreadExecutor: TaskExecutor {
    private struct State {
        var jobs = Queue<UnownedJob>()
        var isOver = false
    }

    private let state = Guarded(State())
    private let isReady = DispatchSemaphore(value: 0)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        isReady.signal()
    }

    /// Runs `operation` to its end on the thread of the caller.
    func run(_ operation: @escaping @Sendable () async -> Void) {
        Task(executorPreference: self) {
            await operation()
            self.state.withLock { $0.isOver = true }
        }
        while !state.withLock({ $0.isOver }) {
            isReady.wait()
            if let job = state.withLock({ $0.jobs.popFirst() }) {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
    }
}
