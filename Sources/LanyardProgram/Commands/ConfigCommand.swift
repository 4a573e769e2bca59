// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check or print the settings.",
        subcommands: [Check.self, Print.self])

    func run() throws { throw Failure.missingCommand("lanyard config") }

    /// The command `lanyard config check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read all settings and their files, open the store if there is one, and report faults.")

        @OptionGroup var options: StoreOptions

        func run() async throws {
            let sources = try options.sources()
            let settings = try Settings(from: sources)
            let tls = try settings.checkFiles(environment: Environment.read())
            try await OpenedStore.check(settings)
            let place = sources.file.map { "file \($0.path.escapingControls)" } ?? "no settings file"
            if let warning = tls?.warning(at: SystemClock.now()) {
                return try writeResult("warning: \(warning)\nthe settings can be used (\(place))\n")
            }
            try writeResult("the settings are good (\(place))\n")
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
