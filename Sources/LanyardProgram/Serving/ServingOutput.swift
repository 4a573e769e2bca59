// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import LanyardBase
internal import Logging

/// Everything that a serving process writes to its standard streams; nothing in it ever waits for a reader but the end,
/// which waits a second.
final class ServingOutput: Sendable {
    /// Standard error: the log, and what people read.
    let errors = LineWriter(to: STDERR_FILENO)
    private let results = LineWriter(to: STDOUT_FILENO, capacityBytes: 1 << 16)

    /// Makes the log.
    func sink(_ settings: LogSettings) -> LogSink {
        let sink = LogSink(
            level: settings.level, format: settings.format, clock: SystemClock.now,
            output: { [errors] in errors.write($0) })
        errors.reportLosses { [weak sink] count in sink?.lossLine(count) ?? [] }
        return sink
    }

    /// Writes a line to standard output.
    func announce(_ text: String) { results.write(Array("lanyard: \(text)\n".utf8)) }

    /// Writes the line that says why the process ends.
    func write(_ failure: Failure) {
        if !failure.message.isEmpty { errors.write(Array(failure.line.utf8)) }
    }

    /// Waits until everything is written, for a second at most.
    func finish() {
        let deadline = ContinuousClock.now + .seconds(1)
        for writer in [errors, results] { writer.flush(within: max(.zero, deadline - .now)) }
    }
}
