// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

/// Knows whether the store can be written, by writing to it, and compares the clocks of the servers by what it writes.
///
/// The write is the record of this server's time: one at the start, then one a minute, one a second while it fails, and one
/// when somebody asks and the last is more than ``freshness`` old. So readiness takes the same path as requests do, and does
/// not depend on a timer alone.
package final class StoreWatch: Sendable {
    private let store: any Store
    private let keys: LiveKeys
    private let events: EventLog
    private let clock: @Sendable () -> KeyMoment
    private let patience: Duration
    private let executor = QueueExecutor(label: "lanyard.store.watch", urgency: .high)
    private let repetition: Repetition
    /// Who waits for the write that is under way.
    private let waiters = Waiters<Bool>(capacity: 10_000)
    private let state = Guarded(State())

    private struct State {
        /// Whether the store can be written, as far as is known.
        var isAvailable = false
        /// When the last write that succeeded began.
        var writtenAt: ContinuousClock.Instant?
        /// When the first of the writes that fail now began.
        var failingSince: ContinuousClock.Instant?
        /// When the last write that failed ended.
        var failedAt: ContinuousClock.Instant?
        /// What the last write left as record, and since when it has been that.
        var record: (time: UnixTime, since: ContinuousClock.Instant)?
        /// When `clock_behind` was last logged.
        var complainedAt: ContinuousClock.Instant?
        var isWriting = false

        mutating func note(
            _ result: Result<UnixTime, StoreError>, begunAt begin: ContinuousClock.Instant,
            endedAt end: ContinuousClock.Instant
        ) {
            isWriting = false
            switch result {
            case .success(let time):
                (isAvailable, writtenAt, failingSince, failedAt) = (true, begin, nil, nil)
                if record?.time != time { record = (time, end) }
            case .failure(let error):
                let since = failingSince ?? begin
                (failingSince, failedAt) = (since, end)
                // Another process may hold the lock, for a backup or a migration.
                if error != .unavailable || since.duration(to: end) >= longestLock { isAvailable = false }
            }
        }
    }

    /// Creates a watch that has written nothing yet.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - keys: The keys of the process.
    ///   - events: Where clocks that differ are reported.
    ///   - patience: How long ``check()`` waits for a write.
    ///   - pauses: What the pauses between writes are measured by.
    ///   - clock: The time.
    package init(
        _ store: any Store, keys: LiveKeys, events: EventLog, patience: Duration = .seconds(1),
        pauses: any Clock<Duration> = .continuous,
        clock: @escaping @Sendable () -> KeyMoment
    ) {
        self.store = store
        self.keys = keys
        self.events = events
        self.patience = patience
        repetition = Repetition(on: executor, clock: pauses)
        self.clock = clock
    }

    /// Writes for the first time, and from then on again and again; returns after the first write, whatever its outcome.
    package func start() async {
        await write()
        repetition.start(after: pause) { [weak self] in
            await self?.write()
            return self?.pause
        }
    }

    /// Begins nothing more.
    package func stop() { repetition.stop() }

    /// Finds out whether the store can be written: by the last write, or by one more if that is too long ago.
    ///
    /// Returns at once, or within the patience of the watch.
    package func check() async -> Bool {
        let now = clock().running
        let known = state.withLock { state -> Bool? in
            if state.isAvailable {
                return state.writtenAt.map { $0.duration(to: now) < Self.freshness } ?? false ? true : nil
            }
            return state.failedAt.map { $0.duration(to: now) < Self.failingPause } ?? false ? false : nil
        }
        if let known { return known }
        let answer = await waiters.wait(within: patience) {
            Task(executorPreference: executor) { [self] in
                // The pause that is under way is that of a store that answers.
                if await write() { repetition.wake() }
            }
        }
        return answer ?? state.withLock { $0.isAvailable }
    }

    /// Writes once, unless a write is under way, and lets go on who waits for what is then known.
    ///
    /// - Returns: Whether writes have begun to fail.
    @discardableResult
    private func write() async -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isFirst else { return false }
        let moment = clock()
        let stale = state.withLock { state -> UnixTime? in
            guard let (time, since) = state.record, since.duration(to: moment.running) >= Self.staleness else {
                return nil
            }
            return time
        }
        let result: Result<UnixTime, StoreError>
        do throws(StoreError) {
            result = .success(try await store.recordClock(at: moment.wall, replacing: stale))
        } catch {
            result = .failure(error)
        }
        let end = clock()
        let (isAvailable, isNews) = state.withLock { state in
            let wasFailing = state.failingSince != nil
            state.note(result, begunAt: moment.running, endedAt: end.running)
            return (state.isAvailable, !wasFailing && state.failingSince != nil)
        }
        switch result {
        case .success(let record):
            events.recordTry(of: .writing, failing: nil)
            compareClocks(record, at: end)
        case .failure(let error):
            // A lock that another process holds for a moment is no failure.
            if !isAvailable { events.recordTry(of: .writing, failing: "\(error)") }
        }
        // Last: whoever waits for the write finds in the log what it has shown.
        waiters.resume(with: isAvailable)
        return isNews
    }

    private var pause: Duration {
        state.withLock { $0.failingSince == nil ? Self.pause : Self.failingPause }
    }

    private func compareClocks(_ record: UnixTime, at moment: KeyMoment) {
        let recordLag = record.since(moment.wall)
        let keyLag = keys.current.keyring.signsSince.since(moment.wall)
        let lag = max(recordLag, keyLag)
        guard lag > RefreshDecision.clockTolerance else { return }
        let isDue = state.withLock { state in
            if let last = state.complainedAt, last.duration(to: moment.running) < Self.pause { return false }
            state.complainedAt = moment.running
            return true
        }
        if isDue { events.record(.clockBehind(recordLag >= keyLag ? .record : .key, lag: lag)) }
    }

    /// How old the last write may be for whoever asks whether the store can be written.
    private static let freshness = Duration.seconds(5)

    /// How long between two writes.
    private static let pause = Duration.seconds(60)

    /// How long between two writes that fail.
    private static let failingPause = Duration.seconds(1)

    /// How long another process may hold the lock of the store before that counts as a failure.
    private static let longestLock = Duration.seconds(5)

    /// When a record that no server renews is replaced by an earlier time.
    private static let staleness = Duration.seconds(600)
}
