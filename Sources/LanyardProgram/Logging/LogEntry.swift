// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import Logging

/// One line of the log before it is written.
struct LogEntry {
    let level: Logger.Level
    let message: String
    /// What happened, in one stable word.
    let event: String?
    /// What else is known, in the order in which it is written; names differ, and values are bounded.
    let members: [(name: String, value: JSONValue)]

    init(level: Logger.Level, message: String, members: Logger.Metadata) {
        self.level = level
        self.message = Self.bounded(message)
        event = members["event"].map { Self.bounded($0.description) }
        let others = members.keys.filter { !Self.order.contains($0) && !Self.reserved.contains($0) }.sorted()
        self.members = (Self.order + others).compactMap { name in
            members[name].map { (Self.bounded(name), Self.value($0, of: name)) }
        }
    }

    /// The order of the members that most lines share.
    private static let order = [
        "request_id", "client_ip", "method", "route", "status", "dur_ms", "account", "sid", "reason",
    ]
    /// What a line has of its own.
    private static let reserved: Set = ["ts", "level", "event", "msg"]

    /// The members whose value is a number, also when it was handed over as text.
    private static let numbers: Set = ["status", "dur_ms"]

    private static func value(_ value: Logger.MetadataValue, of name: String) -> JSONValue {
        if numbers.contains(name), case .string(let text) = value, let number = Int64(text) {
            return .number(JSONNumber(number))
        }
        return Self.value(value)
    }

    private static func value(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(bounded(text))
        case .stringConvertible(let value): scalar(value)
        case .array(let values): .array(values.map(Self.value))
        case .dictionary(let members):
            .object(
                members.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { object, member in
                    object[bounded(member.key)] = Self.value(member.value)
                })
        }
    }

    private static func scalar(_ value: any CustomStringConvertible) -> JSONValue {
        switch value {
        case let number as Int: .number(JSONNumber(Int64(number)))
        case let number as Int64: .number(JSONNumber(number))
        case let number as Double: JSONNumber(number).map { .number($0) } ?? .null
        case let isTrue as Bool: .boolean(isTrue)
        case let duration as Duration: .number(milliseconds(duration))
        default: .string(bounded(value.description))
        }
    }

    /// Milliseconds to the microsecond: finer is noise.
    private static func milliseconds(_ duration: Duration) -> JSONNumber {
        let (seconds, attoseconds) = duration.components
        let microseconds = Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)
        return JSONNumber(microseconds / 1_000) ?? JSONNumber(duration.milliseconds)
    }

    /// Cuts a text so that one line cannot fill a disk, and takes out what would steer a terminal that shows the log.
    ///
    /// JSON itself escapes only what is below U+0020.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumBytes else { return text.escapingHighControls }
        return String(decoding: text.utf8.prefix(maximumBytes), as: UTF8.self).escapingHighControls + "…"
    }

    /// The most bytes of one text.
    private static let maximumBytes = 2_048
}
