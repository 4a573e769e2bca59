// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check or print the settings.",
        subcommands: [ConfigCheck.self, ConfigPrint.self])

    func run() throws { throw Failure.missingCommand("lanyard config") }
}
