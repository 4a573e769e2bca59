// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Runs tasks on a serial queue of their own, apart from the threads that all other tasks share.
///
/// For work that takes a core for long, or that must go on when others do.
package final class QueueExecutor: TaskExecutor {
    private let queue: DispatchQueue

    /// How soon the work has to be done.
    package enum Urgency: Sendable {
        /// Requests may wait for it.
        case high
        /// Nobody waits for it.
        case low
    }

    /// Creates an executor with a queue of this name.
    package init(label: String, urgency: Urgency) {
        queue = DispatchQueue(label: label, qos: urgency == .high ? .userInitiated : .utility)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
