// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// Everything that settings can be given by: the command line, the environment, the settings file.
package struct SettingSources: Sendable {
    /// Values from the command line, by key.
    package var flags: [String: String]
    /// The variables of the process, also those that are none of ours.
    package var environment: [String: String]
    /// The settings file, if there is one.
    package var file: SettingsFile?
    /// Whether `--dev` was given, which changes some defaults.
    package var isDevelopment: Bool
    /// The addresses of the listeners that the process was started with, which go before every setting of one.
    package var inherited = InheritedAddresses()
    /// Whether files that hold secrets are opened.
    package var readsSecretFiles = true
    /// Whether standard error is a terminal.
    package var isOnTerminal = false
    /// How many cores the process may use.
    package var processorCount = 1

    /// Collects sources.
    package init(
        flags: [String: String] = [:], environment: [String: String] = [:], file: SettingsFile? = nil,
        isDevelopment: Bool = false
    ) {
        self.flags = flags
        self.environment = environment
        self.file = file
        self.isDevelopment = isDevelopment
    }

    /// Returns what is given for each name, without blanks around it: flag before environment before file, the last
    /// line of a file before earlier ones, and an empty value as if it were not there.
    ///
    /// - Parameter settings: The settings there are; any other name that could be meant as one is refused.
    /// - Returns: By name, the `_FILE` names among them.
    /// - Throws: ``SettingsError/unknownName(_:origin:nearest:)``.
    package func given(for settings: [Setting]) throws(SettingsError) -> [String: GivenSetting] {
        let names = SettingNames(of: settings)
        var given: [String: GivenSetting] = [:]
        for line in file?.lines ?? [] {
            let origin = SettingOrigin.file(path: file?.path ?? "", line: line.number)
            try names.check(line.name, origin: origin)
            try checkSecrecy(of: line, settings)
            given[line.name] = line.value.isEmpty ? nil : GivenSetting(text: line.value, origin: origin)
        }
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) {
            try names.check(name, origin: .environment)
            let value = text.trimmingBlanksAndLineEnds
            if !value.isEmpty { given[name] = GivenSetting(text: value, origin: .environment) }
        }
        for setting in settings {
            guard let text = flags[setting.key]?.trimmingBlanks, !text.isEmpty else { continue }
            given[setting.name] = GivenSetting(text: text, origin: .flag)
        }
        return given
    }

    /// Rejects a settings file that others can read if `line` is a secret in it, whether or not the value is in force.
    private func checkSecrecy(of line: SettingsFile.Line, _ settings: [Setting]) throws(SettingsError) {
        guard let file, let mode = file.mode, !line.value.isEmpty,
            settings.contains(where: { $0.name == line.name && $0.isSecret(line.value) }),
            GuardedFolders(environment: environment).expose(file.path, mode: mode)
        else { return }
        throw .exposedSettings(path: file.path, name: line.name, mode: mode)
    }
}

/// A text given for a setting, and by whom.
package struct GivenSetting: Equatable, Sendable {
    /// The text as given.
    package let text: String
    /// Where it came from.
    package let origin: SettingOrigin
}
