// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard config check`.
struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read all settings and their files, open the store if there is one, and report faults.")

    @OptionGroup var options: StoreOptions

    func run() async throws {
        let sources = try options.sources()
        let settings = try Settings(from: sources)
        let tls = try settings.checkFiles(environment: Environment.read())
        try await settings.checkStore()
        let place = sources.file.map { "file \($0.path.escapingControls)" } ?? "no settings file"
        if let warning = tls?.warning(at: SystemClock.now()) {
            return try writeResult("warning: \(warning)\nthe settings can be used (\(place))\n")
        }
        try writeResult("the settings are good (\(place))\n")
    }
}
