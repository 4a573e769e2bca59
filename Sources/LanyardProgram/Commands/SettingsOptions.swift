// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Glibc

/// The option that every command has, and the settings that follow from it.
struct SettingsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read settings from this file.", valueName: "file"))
    var config: String?

    /// Collects what settings can be given by, the command line's `flags` first.
    func sources(flags: [String: String] = [:], isDevelopment: Bool = false) throws(SettingsError) -> SettingSources {
        let environment = Environment.read()
        var sources = SettingSources(
            flags: flags, environment: environment,
            file: try SettingsFile.find(
                flag: config, environment: environment, usualPaths: isDevelopment ? [] : SettingsFile.usualPaths),
            isDevelopment: isDevelopment)
        sources.isOnTerminal = isatty(STDERR_FILENO) == 1
        sources.processorCount = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return sources
    }

    /// Reads the settings.
    func settings() throws(SettingsError) -> Settings { try Settings(from: sources()) }
}
