// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import Synchronization

/// Whether a copy of something in the store was read recently enough to be relied on.
///
/// A timer renews the copy, but timers do not run while the process is stopped: a frozen container, a suspended machine. So
/// a request that finds the copy stale has it read again and waits. One read serves all requests that wait.
package final class Freshness: Sendable {
    /// Reads the copy again, beginning now or later.
    typealias Read = @Sendable () async -> Void

    private let limitMilliseconds: Int64
    private let running: @Sendable () -> ContinuousClock.Instant
    private let origin: ContinuousClock.Instant
    /// When the copy was last known to match the store, in milliseconds after `origin`.
    private let readAt: Atomic<Int64>
    private let lastReadFailed = Atomic<Bool>(false)
    private let state = Guarded(State())

    private let waiters = Waiters<Bool>(capacity: capacity)

    private struct State {
        var reader: (executor: QueueExecutor, read: Read)?
        var isReading = false
    }

    /// Creates the freshness of a copy.
    ///
    /// - Parameters:
    ///   - limit: The age up to which the copy is fresh.
    ///   - isRead: Whether the copy has just been read.
    ///   - running: A clock that nobody sets and that goes on while the process is stopped.
    init(limit: Duration, isRead: Bool, running: @escaping @Sendable () -> ContinuousClock.Instant) {
        limitMilliseconds = limit.milliseconds
        self.running = running
        origin = running()
        readAt = Atomic(isRead ? 0 : .min / 2)
    }

    /// Whether the copy is fresh.
    var isFresh: Bool {
        origin.duration(to: running()).milliseconds - readAt.load(ordering: .relaxed) <= limitMilliseconds
    }

    /// Whether the copy may be handed out where an old one is better than none.
    ///
    /// That is so if it is fresh, and if the last read failed: then another one is not worth waiting for.
    package var isFreshOrUnreadable: Bool { isFresh || lastReadFailed.load(ordering: .relaxed) }

    /// Sets how the copy is read, and where; until then, a request that finds it stale does not wait.
    func whenNeeded(on executor: QueueExecutor, _ read: @escaping Read) {
        state.withLock { $0.reader = (executor, read) }
    }

    /// Notes that the copy matched the store at `instant`.
    func confirm(readAt instant: ContinuousClock.Instant) {
        readAt.store(origin.duration(to: instant).milliseconds, ordering: .relaxed)
        lastReadFailed.store(false, ordering: .relaxed)
        if isFresh { waiters.resume(with: true) }
    }

    /// Notes that the copy could not be read.
    func noteFailure() { lastReadFailed.store(true, ordering: .relaxed) }

    /// Waits until the copy is fresh, and has it read for that.
    ///
    /// - Returns: Whether it is; `false` if it could not be read within ``patience``.
    package func wait() async -> Bool {
        for _ in 0..<Self.waitsAtMost where !isFresh {
            let reader = state.withLock { $0.reader }
            guard let reader, await waiters.wait(within: Self.patience, { beginReading(reader) }) ?? false else {
                return false
            }
        }
        // The process may be stopped again between the read and this.
        return isFresh
    }

    private func beginReading(_ reader: (executor: QueueExecutor, read: Read)) {
        guard !isFresh else { return waiters.resume(with: true) }
        let isFirst = state.withLock { state in
            defer { state.isReading = true }
            return !state.isReading
        }
        guard isFirst else { return }
        Task(executorPreference: reader.executor) { [self] in
            for _ in 0..<Self.readsAtOnce {
                await reader.read()
                // If the process was stopped during the read, what it brought may be old.
                if isFresh || lastReadFailed.load(ordering: .relaxed) { break }
            }
            state.withLock { $0.isReading = false }
            waiters.resume(with: isFresh)
        }
    }

    /// How long a request waits: with the answer, less than the 5 s within which an unavailable store is reported.
    private static let patience = Duration.seconds(4)

    /// How often one request waits at most: the process may be stopped again meanwhile.
    private static let waitsAtMost = 3

    /// How many requests may wait at a time; further ones are answered at once.
    private static let capacity = 10_000

    /// How often a read that succeeded may turn out to be old before the requests are given up.
    private static let readsAtOnce = 3
}
