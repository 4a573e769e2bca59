// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardBase
internal import LanyardService
internal import LanyardStore
internal import Logging
internal import Synchronization

/// Removes sessions that no token can belong to any more, and then their status bits, a few at a time, so that the store does not
/// grow for ever; and has lists made before they are needed.
final class Sweeper: Sendable {
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let events: EventLog
    private let log: Logger
    private let now: @Sendable () -> UnixTime
    private let isStopped = Atomic<Bool>(false)

    /// Begins to sweep: soon after the start, and then again and again.
    ///
    /// If this server's clock is far ahead of `clockRecord`, either no server has run for long or the clock is wrong, and a
    /// sweep would remove sessions and bits that are still needed. It then waits, so that somebody can put the clock right.
    init(
        _ store: any Store, lifetimes: SessionLifetimes, events: EventLog, log: Logger, clockRecord: UnixTime?,
        now: @escaping @Sendable () -> UnixTime
    ) {
        self.events = events
        self.store = store
        self.lifetimes = lifetimes
        self.log = log
        self.now = now
        let isDoubtful = clockRecord.map { now().since($0) > Self.plausibleGap } ?? false
        sweep(after: isDoubtful ? Self.doubtfulPause : Self.firstPause)
    }

    /// Begins no further sweep.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func sweep(after pause: DispatchTimeInterval) {
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + pause) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        guard !isStopped.load(ordering: .relaxed) else { return }
        let now = now()
        store.sweepSessions(lifetimes: lifetimes, limit: Self.batchSize, at: now) { [weak self] result in
            guard let self else { return }
            switch result {
            case .success(let swept):
                events.sessionsFoundOver(swept.unnoticed)
                let count = swept.count
                if count > 0 { log.debug("swept sessions", metadata: ["event": "swept", "count": "\(count)"]) }
                sweepStatusBits(at: now, leavesMore: count == Self.batchSize)
            case .failure:
                // The store is away; what is over stays over.
                sweep(after: Self.longPause)
            }
        }
    }

    private func sweepStatusBits(at now: UnixTime, leavesMore: Bool) {
        store.sweepStatusBits(limit: Self.batchSize, at: now) { [weak self] result in
            guard let self else { return }
            if leavesMore || (try? result.get()) == Self.batchSize { return sweep(after: Self.shortPause) }
            store.tendStatusLists { [weak self] _ in self?.sweep(after: Self.longPause) }
        }
    }

    /// Small enough that a refresh waits for no more than a few milliseconds behind it.
    private static let batchSize = 200
    private static let firstPause = DispatchTimeInterval.seconds(10)
    /// How long after the last record of a server's time a clock is believed at once.
    private static let plausibleGap = Duration.seconds(3_600)
    private static let doubtfulPause = DispatchTimeInterval.seconds(600)
    private static let shortPause = DispatchTimeInterval.milliseconds(100)
    private static let longPause = DispatchTimeInterval.seconds(60)
}
