// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import Logging

extension LogEntry {
    /// The entry as one JSON object and a line feed.
    func json(at now: UnixTime) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("ts", now.rfc3339Milliseconds)
        writer.member("level", level.rawValue)
        if let event { writer.member("event", event) }
        writer.member("msg", message)
        for (name, value) in members { writer.member(name, value: value) }
        writer.endObject()
        return writer.finish() + [0x0A]
    }

    /// The entry as one line for a person: `2026-01-02T03:04:05.678Z info login: signed in sid=…`.
    func text(at now: UnixTime) -> [UInt8] {
        var line = "\(now.rfc3339Milliseconds) \(level.rawValue.padded(to: 7)) "
        if let event { line += "\(event.escapingControls): " }
        line += message.escapingControls
        for (name, value) in members { line += " \(name.escapingControls)=\(Self.shown(value))" }
        return Array(line.utf8) + [0x0A]
    }

    /// A text stands bare where its end can be seen, and as JSON elsewhere, as everything else does.
    private static func shown(_ value: JSONValue) -> String {
        if let text = value.string, !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x22 && $0 != 0x5C }) {
            return text
        }
        return value.text
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
