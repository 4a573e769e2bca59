// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard session`.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List and end sessions, also while servers run.",
        subcommands: [SessionList.self, SessionRevoke.self])

    func run() throws { throw Failure.missingCommand("lanyard session") }
}
