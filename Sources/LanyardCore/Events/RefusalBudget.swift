// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import Logging

/// Bounds how many log lines one network can cause by requests that are refused.
///
/// Each network gets so many lines of each event within a minute. The rest is counted, and reported in one line when
/// the minute is over.
package final class RefusalBudget: Sendable {
    /// What is counted together.
    package struct Key: Hashable, Sendable {
        /// The event in the log.
        package let event: String
        /// The network, `unix` for processes of this host, or ``others`` when the table is full.
        package let network: String

        /// Creates a key.
        package init(event: String, network: String) {
            self.event = event
            self.network = network
        }
    }

    /// Lines that were not written.
    package struct Summary: Equatable, Sendable {
        /// Whose lines, and of which event.
        package let key: Key
        /// The most important level among them.
        package let level: Logger.Level
        /// How many.
        package let count: Int
    }

    fileprivate struct Entry: Sendable {
        let since: UnixTime
        var lines = 0
        var level = Logger.Level.info
        var withheld = 0
    }

    private struct State: Sendable {
        var entries: [Key: Entry] = [:]
        /// When a full table was last searched for entries that are over.
        var searchedAt: UnixTime?
    }

    private let linesPerMinute: Int
    private let capacity: Int
    private let state = Guarded(State())

    /// Creates a table for at most `capacity` networks and events.
    package init(linesPerMinute: Int = 60, capacity: Int = 4_096) {
        self.linesPerMinute = linesPerMinute
        self.capacity = capacity
    }

    /// Decides whether one more line of `event` is written for `client`.
    ///
    /// - Returns: Whether to write it, and the summaries that are due first.
    package func admit(
        _ event: String, from client: PeerAddress, level: Logger.Level, at now: UnixTime
    ) -> (isAdmitted: Bool, due: [Summary]) {
        let key = Key(event: event, network: ClientNetwork(client)?.description ?? "\(client)")
        return state.withLock { state in
            var due: [Summary] = []
            let isNew = state.entries[key] == nil
            // At most once a second: an attacker who has many networks must not make each request cost a search.
            let isRested = state.searchedAt.map { !($0..<$0 + .seconds(1)).contains(now) } ?? true
            if isNew, isRested, state.entries.count >= capacity {
                state.searchedAt = now
                due = Self.removeExpired(from: &state.entries, at: now)
            }
            let key = isNew && state.entries.count >= capacity ? Key(event: event, network: Self.others) : key
            if let entry = state.entries[key], Self.isOver(entry, at: now) {
                state.entries[key] = nil
                due += entry.summary(of: key)
            }
            var entry = state.entries[key] ?? Entry(since: now)
            defer { state.entries[key] = entry }
            guard entry.lines >= linesPerMinute else {
                entry.lines += 1
                return (true, due)
            }
            entry.withheld += 1
            entry.level = max(entry.level, level)
            return (false, due)
        }
    }

    /// Returns the summaries that are due, or all there are if `isLast`.
    package func summaries(at now: UnixTime, isLast: Bool = false) -> [Summary] {
        state.withLock { state in
            guard isLast else { return Self.removeExpired(from: &state.entries, at: now) }
            defer { state.entries = [:] }
            return state.entries.flatMap { $1.summary(of: $0) }
        }
    }

    private static func removeExpired(from entries: inout [Key: Entry], at now: UnixTime) -> [Summary] {
        let expired = entries.filter { isOver($1, at: now) }
        for key in expired.keys { entries[key] = nil }
        return expired.flatMap { $1.summary(of: $0) }
    }

    /// A clock that was set back ends the minute too.
    private static func isOver(_ entry: Entry, at now: UnixTime) -> Bool {
        !(entry.since..<entry.since + window).contains(now)
    }

    /// Stands for the networks that the table has no room for.
    static let others = "others"
    private static let window = Duration.seconds(60)
}

extension RefusalBudget.Entry {
    fileprivate func summary(of key: RefusalBudget.Key) -> [RefusalBudget.Summary] {
        withheld == 0 ? [] : [RefusalBudget.Summary(key: key, level: level, count: withheld)]
    }
}
