// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LanyardService

/// Has the summaries of withheld log lines written when they are due, also when no further request comes.
final class SummaryTimer {
    private let timer: any DispatchSourceTimer
    private let events: EventLog

    /// Begins.
    init(_ events: EventLog) {
        self.events = events
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "lanyard.summaries", qos: .utility))
        timer.schedule(deadline: .now() + Self.pause, repeating: Self.pause)
        timer.setEventHandler { events.writeSummaries() }
        timer.resume()
    }

    /// Ends, and writes what is left.
    func stop() {
        timer.cancel()
        events.writeSummaries(isLast: true)
    }

    private static let pause = DispatchTimeInterval.seconds(10)
}
