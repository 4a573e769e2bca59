// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Hands each setting its value and keeps the record of it.
///
/// The groups of ``Settings`` read themselves from it. What they read is the table of all settings: nothing is a
/// setting that no group reads, and no group can leave one of its properties without.
package struct SettingReader {
    /// One entry for each setting that was read, in that order.
    package private(set) var records: [SettingRecord] = []
    private let given: [String: GivenSetting]
    private let sources: SettingSources

    /// Reads from what is given in `sources`.
    package init(given: [String: GivenSetting], sources: SettingSources) {
        self.given = given
        self.sources = sources
    }

    /// Returns the value of a setting that has a default.
    package mutating func read<Value>(
        _ setting: Setting, as kind: SettingKind<Value>
    ) throws(SettingsError) -> Value {
        guard let value = try readIfSet(setting, as: kind) else {
            preconditionFailure("\(setting.key) has no default.")
        }
        return value
    }

    /// Returns the value of a setting, or `nil` if it is given nowhere and has no default.
    package mutating func readIfSet<Value>(
        _ setting: Setting, as kind: SettingKind<Value>
    ) throws(SettingsError) -> Value? {
        var record = SettingRecord(setting, allowed: kind.allowed)
        defer { records.append(record) }
        var text = setting.fallback
        if let direct = given[setting.name] {
            record.origin = direct.origin
            text = direct.text
        }
        if let fileName = setting.fileName, let named = given[fileName] {
            guard record.origin == .fallback else {
                throw .givenTwice(name: setting.name, origins: [record.origin, named.origin])
            }
            record.origin = named.origin
            record.secretFile = named.text
            if sources.readsSecretFiles {
                text = try SecretFile(named.text, namedBy: fileName, environment: sources.environment).read().reveal()
            }
        }
        record.text = text
        guard let text else { return nil }
        if let value = kind.parse(text) { return value }
        precondition(record.origin != .fallback, "\(setting.key) has a default that is not allowed.")
        let isShown = setting.traits.isDisjoint(with: [.secret, .mayHoldPassword])
        throw .notAllowed(
            name: record.secretFile == nil ? setting.name : setting.name + "_FILE", value: isShown ? text : nil,
            origin: record.origin, allowed: kind.hint(text) ?? kind.allowed)
    }

    /// Records what a setting that was given nowhere comes to, when it follows from other settings.
    package mutating func record(_ text: String, for key: String) {
        for index in records.indices where records[index].setting.key == key && records[index].origin == .fallback {
            records[index].text = text
        }
    }
}
