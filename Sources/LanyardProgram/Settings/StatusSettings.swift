// SPDX-License-Identifier: Apache-2.0

/// The settings of the Token Status List: `status.*`.
package struct StatusSettings: Sendable {
    /// Whether there is one.
    package let isEnabled: Bool
    /// How long verifiers may keep a copy.
    package let ttl: Duration

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        isEnabled = try reader.read(.isEnabled, as: .boolean)
        ttl = try reader.read(.ttl, as: .duration("5s", "1h"))
    }
}

extension Setting {
    fileprivate static let isEnabled = Self(
        "status.enabled", default: "true",
        help: "Whether access tokens carry a status, and ended sessions are shown in the Token Status List.")
    fileprivate static let ttl = Self(
        "status.ttl", default: "60s", help: "How long verifiers may keep a copy of the list.")
}
