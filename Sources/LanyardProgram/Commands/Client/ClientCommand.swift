// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard client`.
struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Add, list and remove services that get tokens for themselves.",
        discussion: "Running servers follow at once.",
        subcommands: [ClientAdd.self, ClientList.self, ClientRemove.self])

    func run() throws { throw Failure.missingCommand("lanyard client") }
}
