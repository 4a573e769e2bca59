// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Holds tasks until a test runs them; then they run to their ends.
package final class HeldJobs: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isHeld = true
    }

    private let state = Guarded(State())

    /// How many are held.
    package var count: Int { state.withLock(\.jobs.count) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isHeld = state.withLock { state in
            if state.isHeld { state.jobs.append(job) }
            return state.isHeld
        }
        if !isHeld { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// Runs what is held, and whatever becomes ready before ``hold()``.
    package func run() {
        let taken = state.withLock { state in
            defer { state.jobs = [] }
            state.isHeld = false
            return state.jobs
        }
        for job in taken { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// Holds again.
    package func hold() { state.withLock { $0.isHeld = true } }
}
