// SPDX-License-Identifier: Apache-2.0

/// Runs each part of a task at once, on the thread that makes it ready.
///
/// A test that blocks its thread to wait for something may hold up every thread that tasks otherwise run on.
package final class ImmediateExecutor: TaskExecutor {
    package static let shared = ImmediateExecutor()

    package func enqueue(_ job: consuming ExecutorJob) {
        unsafe UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}
