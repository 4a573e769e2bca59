// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
internal import LanyardStore
package import Logging

/// Writes what happened to the log, one event a line and never a secret, and counts it.
package struct EventLog: Sendable {
    private let logger: Logger
    private let now: @Sendable () -> UnixTime
    private let budget = RefusalBudget()
    /// Whether the store answers.
    let storeState = StoreState()
    /// What is counted of the same events.
    package let metrics: Metrics

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - logger: Where lines go; the members of a line are its metadata.
    ///   - now: The wall clock.
    ///   - lostLines: Returns how many lines the log has dropped so far, for the metrics.
    package init(
        _ logger: Logger, now: @escaping @Sendable () -> UnixTime,
        lostLines: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        self.logger = logger
        self.now = now
        metrics = Metrics(lostLines: lostLines)
    }

    /// Whether a line is written for every request.
    package var isVerbose: Bool { isWritten(.debug) }

    /// Whether lines of this level are written.
    package func isWritten(_ level: Logger.Level) -> Bool { level >= logger.logLevel }

    /// Records what no request has caused, or no single one.
    package func record(_ event: Event) { record(event.row) { [:] } }

    /// Counts an event and writes it, with the fields of its request.
    package func record(_ row: EventRow, with fields: () -> Logger.Metadata) {
        count(row)
        if isWritten(row.level) { write(row, fields()) }
    }

    /// Counts what an event counts for.
    package func count(_ row: EventRow) {
        for count in row.counts {
            switch count {
            case .login(let result): metrics.logins.count(result)
            case .refresh(let result): metrics.refreshes.count(result)
            case .sessionEnded(let cause): metrics.sessionsEnded.count(cause)
            }
        }
    }

    /// Writes an event with the fields of its request; one with a `client` only while the budget of its network lasts.
    package func write(_ row: EventRow, limitedTo client: PeerAddress?, with fields: () -> Logger.Metadata) {
        guard isWritten(row.level) else { return }
        if let client {
            let (isAdmitted, due) = budget.admit(row.word, from: client, level: row.level, at: now())
            write(due)
            guard isAdmitted else { return }
        }
        write(row, fields())
    }

    private func write(_ row: EventRow, _ fields: Logger.Metadata) {
        logger.log(
            level: row.level, row.message, event: row.word,
            row.fields.mapValues { "\($0)" }.merging(fields) { own, _ in own })
    }

    /// Writes how many lines were withheld from networks whose minute is over, or from all if `isLast`.
    package func writeSummaries(isLast: Bool = false) {
        write(budget.summaries(at: now(), isLast: isLast))
    }

    private func write(_ summaries: [RefusalBudget.Summary]) {
        for summary in summaries {
            logger.log(
                level: summary.level, "as many more from this network within a minute, not logged one by one",
                event: summary.key.event,
                ["network": "\(summary.key.network)", "count": .stringConvertible(summary.count)])
        }
    }
}

extension EventLog {
    /// Records whether the store answered an attempt, if that has changed.
    ///
    /// The store counts as away while either use fails. Requests report their own failures as `store_unavailable`.
    ///
    /// - Parameters:
    ///   - use: What was tried.
    ///   - reason: Why it failed; `nil` if it worked.
    package func recordTry(of use: StoreState.Use, failing reason: String?) {
        switch storeState.note(use, isFailing: reason != nil) {
        case nil: break
        case true?: record(.storeAway(reason: reason ?? ""))
        case false?: record(.storeBack)
        }
    }

    /// Records what has changed in the keys of the store.
    func recordChanges(from earlier: Foundation, to foundation: Foundation) {
        if let next = foundation.nextKey, earlier.key(next.kid)?.signsFrom != next.signsFrom {
            record(.keyPublished(next))
        }
        if let active = foundation.activeKey, let before = earlier.activeKey, active.kid != before.kid {
            record(.keyRotated(active, from: before.kid))
        }
        for key in earlier.publishedKeys where foundation.key(key.kid)?.isPublished != true {
            let isRevoked = foundation.key(key.kid)?.revokedAt != nil
            record(isRevoked ? .keyRevoked(kid: key.kid) : .keyGone(kid: key.kid))
        }
        if earlier.refreshSecrets.map(\.id) != foundation.refreshSecrets.map(\.id) {
            record(.refreshKeysChanged(count: foundation.refreshSecrets.count))
        }
    }
}

extension Logger {
    fileprivate func log(level: Level, _ message: String, event: String, _ fields: Metadata) {
        var metadata = fields
        metadata["event"] = "\(event)"
        log(level: level, "\(message)", metadata: metadata)
    }
}
