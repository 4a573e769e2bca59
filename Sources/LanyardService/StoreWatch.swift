// SPDX-License-Identifier: Apache-2.0

package import Dispatch
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
    private let patience: DispatchTimeInterval
    private let queue = DispatchQueue(label: "lanyard.store.watch", qos: .userInitiated)
    private let state = Guarded(State())

    private typealias Answer = @Sendable (_ isAvailable: Bool) -> Void

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
        var isStarted = false
        /// Counts writes, so that a timer that a later write has made needless does nothing.
        var turn = 0
        /// Who waits for the write that is under way, by a number.
        var waiting: [Int: Answer] = [:]
        var lastNumber = 0

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
    ///   - patience: How long ``check(_:)`` waits for a write.
    ///   - clock: The time.
    package init(
        _ store: any Store, keys: LiveKeys, events: EventLog, patience: DispatchTimeInterval = .seconds(1),
        clock: @escaping @Sendable () -> KeyMoment
    ) {
        self.store = store
        self.keys = keys
        self.events = events
        self.patience = patience
        self.clock = clock
    }

    /// Writes for the first time, and from then on again and again.
    ///
    /// - Parameter completion: Called when the first write is over, whatever its outcome, on any queue.
    package func start(completion: @escaping @Sendable () -> Void) {
        state.withLock { $0.isStarted = true }
        write { _ in completion() }
    }

    /// Begins nothing more.
    package func stop() { state.withLock { $0.isStarted = false } }

    /// Finds out whether the store can be written: by the last write, or by one more if that is too long ago.
    ///
    /// - Parameter completion: Called at once or within the patience of the watch, on any queue.
    package func check(_ completion: @escaping @Sendable (_ isAvailable: Bool) -> Void) {
        let now = clock().running
        let known = state.withLock { state -> Bool? in
            if state.isAvailable {
                return state.writtenAt.map { $0.duration(to: now) < Self.freshness } ?? false ? true : nil
            }
            return state.failedAt.map { $0.duration(to: now) < Self.failingPause } ?? false ? false : nil
        }
        if let known { return completion(known) }
        write(completion)
    }

    /// Writes once, or waits for the write that is under way, and tells what is then known.
    private func write(_ answer: @escaping Answer) {
        let (number, isFirst) = state.withLock { state in
            state.lastNumber += 1
            state.waiting[state.lastNumber] = answer
            defer { state.isWriting = true }
            return (state.lastNumber, !state.isWriting)
        }
        queue.asyncAfter(deadline: .now() + patience) { [weak self] in self?.giveUp(number) }
        if isFirst { write() }
    }

    /// Answers one that has waited long enough by what is known.
    private func giveUp(_ number: Int) {
        let (answer, isAvailable) = state.withLock { ($0.waiting.removeValue(forKey: number), $0.isAvailable) }
        answer?(isAvailable)
    }

    private func write() {
        let moment = clock()
        let stale = state.withLock { state -> UnixTime? in
            guard let (time, since) = state.record, since.duration(to: moment.running) >= Self.staleness else {
                return nil
            }
            return time
        }
        store.recordClock(at: moment.wall, replacing: stale) { [self] result in
            let end = clock()
            let (answers, isAvailable) = state.withLock { state in
                state.note(result, begunAt: moment.running, endedAt: end.running)
                defer { state.waiting = [:] }
                return (Array(state.waiting.values), state.isAvailable)
            }
            switch result {
            case .success(let record):
                events.storeTried(.writing, failing: nil)
                compareClocks(record, at: end)
            case .failure(let error):
                // A lock that another process holds for a moment is no failure.
                if !isAvailable { events.storeTried(.writing, failing: "\(error)") }
            }
            // Last: whoever waits for the write finds in the log what it has shown.
            for answer in answers { answer(isAvailable) }
            writeLater()
        }
    }

    private func writeLater() {
        let (turn, pause) = state.withLock { state -> (Int, Duration?) in
            state.turn += 1
            guard state.isStarted else { return (state.turn, nil) }
            return (state.turn, state.failingSince == nil ? Self.pause : Self.failingPause)
        }
        guard let pause else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(pause.milliseconds))) { [weak self] in
            guard let self else { return }
            let isDue = state.withLock { state in
                guard state.isStarted, state.turn == turn, !state.isWriting else { return false }
                state.isWriting = true
                return true
            }
            if isDue { write() }
        }
    }

    private func compareClocks(_ record: UnixTime, at moment: KeyMoment) {
        let recordLag = record.since(moment.wall)
        let keyLag = keys.snapshot.current.keyring.signsSince.since(moment.wall)
        let lag = max(recordLag, keyLag)
        guard lag > RefreshDecision.clockTolerance else { return }
        let isDue = state.withLock { state in
            if let last = state.complainedAt, last.duration(to: moment.running) < Self.pause { return false }
            state.complainedAt = moment.running
            return true
        }
        if isDue { events.clockBehind(recordLag >= keyLag ? .record : .key, lag: lag) }
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
