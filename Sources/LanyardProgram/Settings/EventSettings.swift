// SPDX-License-Identifier: Apache-2.0

/// The settings of the audit log: `events.*`.
package struct EventSettings: Sendable {
    /// How long an entry is kept.
    package let keep: Duration

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        keep = try reader.read(.keep, as: .duration("1d", "3650d"))
    }
}

extension Setting {
    fileprivate static let keep = Self(
        "events.keep", default: "365d", help: "How long an entry of the audit log is kept.")
}
