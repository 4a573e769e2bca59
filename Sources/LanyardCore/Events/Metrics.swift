// SPDX-License-Identifier: Apache-2.0

internal import LanyardCrypto
internal import LanyardStore

/// What a process counts, for monitoring: how often, and never who.
///
/// Everything is counted where it is logged too (``EventLog``), so that the two never tell different stories.
package final class Metrics: Sendable {
    /// How a login ended.
    package enum Login: String, CaseIterable {
        case ok, failed, limited, overloaded
    }

    /// How a refresh ended.
    package enum Refresh: String, CaseIterable {
        case kept, rotated, replayed, recovered, ahead, reused, refused

        init(_ decision: RefreshDecision) {
            self =
                switch decision {
                case .keep: .kept
                case .rotate: .rotated
                case .replay: .replayed
                case .recover: .recovered
                case .ahead: .ahead
                case .reuse: .reused
                }
        }
    }

    let logins = CounterFamily<Login>(
        "lanyard_logins_total", label: "result", help: "Logins, by how they ended.")
    let refreshes = CounterFamily<Refresh>(
        "lanyard_refreshes_total", label: "result", help: "Refreshes, by what was decided.")
    let sessionsEnded = CounterFamily<Session.Cause>(
        "lanyard_sessions_ended_total", label: "cause",
        help: "Sessions that ended, by why, as far as this process noticed.")
    let tokensIssued = CounterFamily<SigningAlgorithm>(
        "lanyard_tokens_issued_total", label: "alg", help: "Access tokens that were signed.")

    private let lostLines: @Sendable () -> UInt64

    /// Creates metrics that stand at 0.
    ///
    /// - Parameter lostLines: Returns how many lines the log has dropped so far.
    package init(lostLines: @escaping @Sendable () -> UInt64 = { 0 }) {
        self.lostLines = lostLines
    }

    /// Writes all that is counted.
    package func write(to writer: inout MetricsWriter) {
        writer.add(logins)
        writer.add(refreshes)
        writer.add(sessionsEnded)
        writer.add(tokensIssued)
        writer.addCounter(
            "lanyard_log_dropped_total", help: "Log lines that were dropped because nobody read the log.",
            lostLines())
    }
}
