// SPDX-License-Identifier: Apache-2.0

package import Logging

/// The settings of the log: `log.*`.
package struct LogSettings: Sendable {
    /// The least important line that is written.
    package let level: Logger.Level
    /// How a line is written.
    package let format: LogFormat

    /// Reads the group; text where a person reads, unless set.
    package init(from reader: inout SettingReader, isRead: Bool) throws(SettingsError) {
        level = try reader.read(.level, as: .word)
        let usual: LogFormat = isRead ? .text : .json
        format = try reader.readIfSet(.format, as: .word) ?? usual
        reader.record(usual.rawValue, for: Setting.format.key)
    }
}

/// How a line of the log is written.
package enum LogFormat: String, CaseIterable, Sendable {
    case json
    case text
}

extension Setting {
    fileprivate static let level = Self(
        "log.level", default: "info", .reloads,
        help: "The least important line that is written: trace, debug, info, notice, warning, error or critical.")
    fileprivate static let format = Self(
        "log.format", .reloads, help: "How a line is written: json or text. When not set: json, and text on a terminal."
    )
}
