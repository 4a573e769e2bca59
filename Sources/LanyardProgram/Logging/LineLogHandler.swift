// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Turns what is logged through swift-log into lines of a ``LogSink``.
///
/// The metadata are the members of the line: `event`, `request_id`, `client_ip`, `method`, `route`, `status`, `dur_ms`,
/// `account`, `sid`, `reason`, and whatever else an event has. Numbers and truth values go in as `.stringConvertible`; a
/// `Duration` becomes milliseconds.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let sink: LogSink
    private var ownLevel: Logger.Level?

    /// Creates a handler that writes to `sink`.
    package init(sink: LogSink) {
        self.sink = sink
    }

    /// The level of this logger if one was set, else that of the sink at this moment.
    package var logLevel: Logger.Level {
        get { ownLevel ?? sink.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members = metadata
        if let provided = metadataProvider?.get() { members.merge(provided) { $1 } }
        if let own = event.metadata { members.merge(own) { $1 } }
        if let error = event.error, members["error"] == nil { members["error"] = "\(error)" }
        sink.write(LogEntry(level: event.level, message: event.message.description, members: members))
    }
}
