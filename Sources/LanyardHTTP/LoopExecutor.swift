// SPDX-License-Identifier: Apache-2.0

package import Dispatch
internal import Glibc
internal import LanyardBase
internal import Synchronization

/// Runs the tasks of requests on the event loop that has their connections.
///
/// A task begins inside ``begin(_:)`` and, whatever it waits for, goes on in a turn of its loop. So what belongs to a loop
/// may be used before and after each `await`, and the queues of stores and password lanes run nothing of a request.
///
/// When the loop has ended, tasks that still wait for something go on on the loop's queue, where nobody hears their answer.
package final class LoopExecutor: TaskExecutor, Confinement {
    let mailbox: Mailbox
    private let queue: DispatchQueue
    /// The thread that is inside ``begin(_:)``, if one is.
    private let beginning = Atomic<UInt>(0)

    /// Creates the executor of the loop that has this mailbox, and this queue for itself.
    package init(_ mailbox: Mailbox, _ queue: DispatchQueue) {
        self.mailbox = mailbox
        self.queue = queue
    }

    /// Begins a task, which has come to its first wait or to its end when this returns.
    ///
    /// Called on the loop.
    package func begin(_ operation: @escaping @Sendable () async -> Void) {
        dispatchPrecondition(condition: .onQueue(queue))
        let outer = beginning.exchange(pthread_self(), ordering: .relaxed)
        Task(executorPreference: self, operation: operation)
        beginning.store(outer, ordering: .relaxed)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if beginning.load(ordering: .relaxed) == pthread_self() { return run(job) }
        if !mailbox.post(job) { queue.async { self.run(job) } }
    }

    /// Lets a task go on, to its next wait.
    func run(_ job: UnownedJob) {
        let outer = beginning.exchange(0, ordering: .relaxed)
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        beginning.store(outer, ordering: .relaxed)
    }

    /// Traps unless it is called on the loop's queue: the check of everything that only the loop may use.
    package func checkIsConfined() { dispatchPrecondition(condition: .onQueue(queue)) }
}
