// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// What became of one setting.
package struct SettingRecord: Sendable {
    /// The setting.
    package let setting: Setting
    /// What its value may be, in words.
    package let allowed: String
    /// Where its value came from.
    package var origin = SettingOrigin.fallback
    /// The value as text, if it has one.
    private var value: Secret<String>?
    /// The file that holds the value, if it was given by file.
    package var secretFile: String?

    /// Creates the record of a setting that is not read yet.
    package init(_ setting: Setting, allowed: String) {
        self.setting = setting
        self.allowed = allowed
    }

    /// The value as text: as given, or the default; `nil` if it has none.
    package var text: String? {
        get { value?.reveal() }
        set { value = newValue.map { Secret($0) } }
    }

    /// Whether the value must not be printed.
    package var isSecret: Bool { setting.isSecret(text ?? "") }
}

extension Setting {
    /// Whether `value` must not be seen by others if it is this setting's.
    package func isSecret(_ value: String) -> Bool {
        if traits.contains(.mayHoldPassword) { return StoreLocation.hasPassword(value) }
        return traits.contains(.secret)
    }
}
