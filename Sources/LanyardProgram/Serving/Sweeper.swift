// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardStore
internal import Logging

/// Removes sessions that no token can belong to any more, and then their status bits, a few at a
/// time, so that the store does not grow for ever; and has lists made before they are needed.
final class Sweeper: Sendable {
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let events: EventLog
    private let log: Logger
    private let clockRecord: UnixTime?
    private let now: @Sendable () -> UnixTime
    private let repetition: Repetition

    /// Creates what sweeps a store and has not begun.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - lifetimes: How long sessions last.
    ///   - events: Where ends that nobody has noticed are told.
    ///   - log: Where it says what it swept.
    ///   - clockRecord: The latest time that a server has recorded as its own; `nil` if none has.
    ///   - now: The time.
    ///   - pauses: What the pauses between sweeps are measured by.
    init(
        _ store: any Store, lifetimes: SessionLifetimes, events: EventLog, log: Logger, clockRecord: UnixTime?,
        now: @escaping @Sendable () -> UnixTime, pauses: any Clock<Duration>
    ) {
        self.events = events
        self.store = store
        self.lifetimes = lifetimes
        self.log = log
        self.clockRecord = clockRecord
        self.now = now
        repetition = Repetition(on: QueueExecutor(label: "lanyard.sweeper", urgency: .low), clock: pauses)
    }

    /// Begins to sweep: soon after the start, and then again and again.
    ///
    /// If this server's clock is far ahead of the record of the others, either no server has run
    /// for long or the clock is wrong, and a sweep would remove sessions and bits that are still
    /// needed. It then waits, so that somebody can put the clock right.
    func start() {
        let isDoubtful = clockRecord.map { now().since($0) > Self.plausibleGap } ?? false
        repetition.start(after: isDoubtful ? Self.doubtfulPause : Self.firstPause) { [weak self] in
            await self?.sweep()
        }
    }

    /// Begins no further sweep.
    func stop() { repetition.stop() }

    /// Sweeps some, and returns the pause until there is more to do.
    private func sweep() async -> Duration {
        let now = now()
        do throws(StoreError) {
            let swept = try await store.sweepSessions(lifetimes: lifetimes, limit: Self.batchSize, at: now)
            for session in swept.unnoticed { events.record(.sessionFoundOver(session)) }
            if swept.count > 0 {
                log.debug("swept sessions", metadata: ["event": "swept", "count": "\(swept.count)"])
            }
            let bits = try await store.sweepStatusBits(limit: Self.batchSize, at: now)
            guard swept.count < Self.batchSize, bits < Self.batchSize else { return Self.shortPause }
            try await store.tendStatusLists()
        } catch {
            // The store is away; what is over stays over.
        }
        return Self.longPause
    }

    /// Small enough that a refresh waits for no more than a few milliseconds behind it.
    private static let batchSize = 200
    private static let firstPause = Duration.seconds(10)
    /// How long after the last record of a server's time a clock is believed at once.
    private static let plausibleGap = Duration.seconds(3_600)
    private static let doubtfulPause = Duration.seconds(600)
    private static let shortPause = Duration.milliseconds(100)
    private static let longPause = Duration.seconds(60)
}
