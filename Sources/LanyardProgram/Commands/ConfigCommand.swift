// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check or print the settings.",
        subcommands: [Check.self, Print.self])

    func run() throws { throw Failure.missingCommand("lanyard config") }

    /// The command `lanyard config check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read all settings and the files that they name, and say what is wrong.")

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let sources = try options.sources()
            let settings = try Settings(from: sources)
            let tls = try settings.checkFiles(environment: Environment.read())
            if let tls, let warning = tls.warning(at: SystemClock.now()) {
                writeNotice("lanyard: \(warning)\n")
            }
            try writeResult("the settings are good (\(sources.file.map { "file \($0.path)" } ?? "no settings file"))\n")
        }
    }

    /// The command `lanyard config print`.
    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print all settings, and where each comes from, as a settings file without its secrets.")

        @OptionGroup var options: SettingsOptions

        func run() throws {
            var sources = try options.sources()
            sources.readsSecretFiles = false
            try writeResult(try Settings(from: sources).text)
        }
    }
}
