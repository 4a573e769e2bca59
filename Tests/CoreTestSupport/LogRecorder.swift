// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import Logging

/// Keeps what is logged, each line as its members, `level` among them.
package final class LogRecorder: Sendable {
    private let lines = Guarded<[[String: String]]>([])
    private let level: Logger.Level

    package init(level: Logger.Level = .info) {
        self.level = level
    }

    /// The logger whose lines are kept.
    package var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self, logLevel: self.level) } }

    /// Returns the lines since the last call.
    package func take() -> [[String: String]] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var line = (event.metadata ?? [:]).mapValues(\.description)
            line["level"] = event.level.rawValue
            recorder.lines.withLock { $0.append(line) }
        }
    }
}
