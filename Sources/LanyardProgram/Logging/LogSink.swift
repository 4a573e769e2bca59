// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import Logging
internal import Synchronization

/// Turns all entries of the log into lines.
///
/// Level and form can be changed while the process runs; all loggers follow at their next line.
package final class LogSink: Sendable {
    private let levelIndex: Atomic<Int>
    private let format: Guarded<LogFormat>
    private let output: @Sendable ([UInt8]) -> Void
    private let clock: @Sendable () -> UnixTime

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - level: The least important line that is written.
    ///   - format: How a line is written.
    ///   - clock: What gives each line its time.
    ///   - output: Takes one whole line, line feed included; it is called by many threads and must not block.
    package init(
        level: Logger.Level, format: LogFormat, clock: @escaping @Sendable () -> UnixTime,
        output: @escaping @Sendable ([UInt8]) -> Void
    ) {
        levelIndex = Atomic(Self.index(of: level))
        self.format = Guarded(format)
        self.clock = clock
        self.output = output
    }

    /// Changes level and form, as a reload of the settings does.
    package func apply(level: Logger.Level, format: LogFormat) {
        levelIndex.store(Self.index(of: level), ordering: .relaxed)
        self.format.withLock { $0 = format }
    }

    /// Returns a logger that writes here.
    package func logger(label: String = "lanyard") -> Logger {
        Logger(label: label) { _ in LineLogHandler(sink: self) }
    }

    /// The least important line that is written.
    var level: Logger.Level { Self.levels[levelIndex.load(ordering: .relaxed)] }

    /// Whether lines are for a program to read.
    var isJSON: Bool { format.withLock { $0 } == .json }

    /// Writes one line with the present time.
    func write(_ entry: LogEntry) { output(line(of: entry)) }

    /// Returns the line that reports lost ones.
    package func lossLine(_ count: UInt64) -> [UInt8] {
        line(
            of: LogEntry(
                level: .warning, message: "nobody read the log, so lines were dropped",
                members: ["event": "log_dropped", "count": .stringConvertible(Int64(clamping: count))]))
    }

    private func line(of entry: LogEntry) -> [UInt8] {
        let now = clock()
        return isJSON ? entry.json(at: now) : entry.text(at: now)
    }

    private static func index(of level: Logger.Level) -> Int {
        levels.firstIndex(of: level) ?? 0
    }

    /// Kept, because `allCases` makes an array each time, and each request asks for the level.
    private static let levels = Logger.Level.allCases
}
