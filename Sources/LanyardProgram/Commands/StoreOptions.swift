// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The options of a command that works on a store.
struct StoreOptions: ParsableArguments {
    @OptionGroup var options: SettingsOptions
    @Flag(help: "Work on the store of 'lanyard serve --dev'.")
    var dev = false

    /// Collects what settings can be given by.
    func sources() throws(SettingsError) -> SettingSources { try options.sources(isDevelopment: dev) }

    /// Reads the settings.
    func settings() throws(SettingsError) -> Settings { try Settings(from: sources()) }
}
