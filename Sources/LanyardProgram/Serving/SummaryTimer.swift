// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore

/// Has the summaries of withheld log lines written when they are due, also when no further request comes.
final class SummaryTimer: Sendable {
    private let repetition: Repetition
    private let events: EventLog

    /// Creates a timer that has not begun.
    init(_ events: EventLog, pauses: any Clock<Duration>) {
        self.events = events
        repetition = Repetition(on: QueueExecutor(label: "lanyard.summaries", urgency: .low), clock: pauses)
    }

    /// Begins.
    func start() {
        repetition.start(after: Self.pause) { [events] in
            events.writeSummaries()
            return Self.pause
        }
    }

    /// Ends, and writes what is left.
    func stop() {
        repetition.stop()
        events.writeSummaries(isLast: true)
    }

    private static let pause = Duration.seconds(10)
}
