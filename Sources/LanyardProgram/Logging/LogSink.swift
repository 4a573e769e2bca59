// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase
package import Logging

/// Where all lines of the log go, one at a time.
///
/// Level and form can be changed while the process runs; all loggers follow at their next line.
package final class LogSink: Sendable {
    private let state: Guarded<State>
    private let output: Guarded<Output>
    private let clock: @Sendable () -> UnixTime

    /// A closure that stands alone as the value of a generic type is wrapped once more at each use, and never unwrapped.
    private struct Output: Sendable {
        let write: @Sendable ([UInt8]) -> Void
    }

    private struct State: Sendable {
        var level: Logger.Level
        var format: LogFormat
    }

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - level: The least important line that is written.
    ///   - format: How a line is written.
    ///   - clock: What gives each line its time.
    ///   - output: Takes one whole line, line feed included; never called by two threads at once.
    package init(
        level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> UnixTime,
        output: @escaping @Sendable ([UInt8]) -> Void = writeToStandardError
    ) {
        state = Guarded(State(level: level, format: format))
        self.clock = clock
        self.output = Guarded(Output(write: output))
    }

    /// Changes level and form, as a reload of the settings does.
    package func apply(level: Logger.Level, format: LogFormat) {
        state.withLock { $0 = State(level: level, format: format) }
    }

    /// Returns a logger that writes here.
    package func logger(label: String = "lanyard") -> Logger {
        Logger(label: label) { _ in LineLogHandler(sink: self) }
    }

    /// The least important line that is written.
    var level: Logger.Level { state.withLock { $0.level } }

    /// Writes one line with the present time.
    func write(_ entry: LogEntry) {
        let now = clock()
        let line =
            switch state.withLock({ $0.format }) {
            case .json: entry.json(at: now)
            case .text: entry.text(at: now)
            }
        output.withLock { $0.write(line) }
    }
}

/// Writes one line to standard error in one call; a log that nobody can take is dropped.
@Sendable package func writeToStandardError(_ line: [UInt8]) {
    try? writeAll(line, to: STDERR_FILENO)
}
