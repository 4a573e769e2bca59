// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard config print`.
struct ConfigPrint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print all settings, and where each comes from, as a settings file without its secrets.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        var sources = try options.sources()
        sources.readsSecretFiles = false
        try writeResult(try Settings(from: sources).text)
    }
}
