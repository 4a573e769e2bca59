// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase
internal import Synchronization

/// Whether a copy of something in the store was read recently enough to be relied on.
///
/// A timer renews the copy, but timers do not run while the process is stopped: a frozen container, a suspended machine. So
/// a request that finds the copy stale has it read again and waits. One read serves all requests that wait.
final class Freshness: Sendable {
    /// Reads the copy again, beginning now or later, and calls its argument when that is over, on any queue.
    typealias Read = @Sendable (_ done: @escaping @Sendable () -> Void) -> Void

    private let limitMilliseconds: Int64
    private let running: @Sendable () -> ContinuousClock.Instant
    private let origin: ContinuousClock.Instant
    /// When the copy was last known to match the store, in milliseconds after `origin`.
    private let readAt: Atomic<Int64>
    private let lastReadFailed = Atomic<Bool>(false)
    private let state = Guarded(State())

    private struct State {
        var read: Read?
        var isReading = false
        var waiters: [Int: @Sendable (Bool) -> Void] = [:]
        var lastID = 0

        mutating func takeWaiters() -> [@Sendable (Bool) -> Void] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
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
    var isFreshOrUnreadable: Bool { isFresh || lastReadFailed.load(ordering: .relaxed) }

    /// Sets how the copy is read; until then, a request that finds it stale does not wait.
    func whenNeeded(_ read: @escaping Read) {
        state.withLock { $0.read = read }
    }

    /// Notes that the copy matched the store at `instant`.
    func confirm(readAt instant: ContinuousClock.Instant) {
        readAt.store(origin.duration(to: instant).milliseconds, ordering: .relaxed)
        lastReadFailed.store(false, ordering: .relaxed)
        guard isFresh else { return }
        for waiter in state.withLock({ $0.takeWaiters() }) { waiter(true) }
    }

    /// Notes that the copy could not be read.
    func noteFailure() { lastReadFailed.store(true, ordering: .relaxed) }

    /// Calls `proceed` once: with `true` as soon as the copy is fresh, which may be at once; with `false` if it cannot be
    /// read in time.
    func whenFresh(within patience: Duration, _ proceed: @escaping @Sendable (_ isFresh: Bool) -> Void) {
        guard !isFresh else { return proceed(true) }
        let (id, read) = state.withLock { state -> (Int?, Read?) in
            guard let read = state.read, state.waiters.count < Self.capacity else { return (nil, nil) }
            state.lastID += 1
            state.waiters[state.lastID] = proceed
            guard !state.isReading else { return (state.lastID, nil) }
            state.isReading = true
            return (state.lastID, read)
        }
        guard let id else { return proceed(false) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(patience.milliseconds))) { [weak self] in
            self?.state.withLock { $0.waiters.removeValue(forKey: id) }?(false)
        }
        if let read { begin(read, readsLeft: Self.readsAtOnce) }
    }

    private func begin(_ read: @escaping Read, readsLeft: Int) {
        read { [weak self] in
            guard let self else { return }
            if isFresh { return end(true) }
            // The process was stopped again during the read: what it brought may be old.
            if readsLeft > 1, !lastReadFailed.load(ordering: .relaxed) {
                return begin(read, readsLeft: readsLeft - 1)
            }
            end(false)
        }
    }

    private func end(_ isFresh: Bool) {
        let waiters = state.withLock { state in
            state.isReading = false
            return state.takeWaiters()
        }
        for waiter in waiters { waiter(isFresh) }
    }

    /// How many requests may wait at a time; further ones are answered at once.
    private static let capacity = 10_000

    /// How often a read that succeeded may turn out to be old before the requests are given up.
    private static let readsAtOnce = 3
}
