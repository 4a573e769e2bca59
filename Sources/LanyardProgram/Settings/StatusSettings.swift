// SPDX-License-Identifier: Apache-2.0

package import LanyardCore

/// The settings of the Token Status List: `status.*`.
package struct StatusSettings: Sendable {
    /// What the lists are like; `nil` if there are none.
    package let policy: StatusPolicy?

    /// Reads the group.
    package init(from reader: inout SettingReader) throws(SettingsError) {
        let isEnabled = try reader.read(.isEnabled, as: .boolean)
        let ttl = try reader.read(.ttl, as: .duration("5s", "1h"))
        policy = isEnabled ? StatusPolicy(ttl: ttl) : nil
    }
}

extension Setting {
    fileprivate static let isEnabled = Self(
        "status.enabled", default: "true",
        help: "Whether access tokens carry a status, and ended sessions are shown in the Token Status List.")
    fileprivate static let ttl = Self(
        "status.ttl", default: "60s", help: "How long verifiers may keep a copy of the list.")
}
