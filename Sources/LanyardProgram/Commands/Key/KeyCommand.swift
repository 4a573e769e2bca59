// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "List, rotate and revoke signing keys, also while servers run.",
        discussion: """
            Keys rotate by themselves every LANYARD_KEYS_ROTATE_EVERY; no command is needed for that. Servers that run \
            follow a command within 5 s; if none runs, the next one to start does.
            """,
        subcommands: [
            KeyList.self, KeyRotate.self, KeyRevoke.self, KeyExport.self, KeyImport.self,
        ])

    func run() throws { throw Failure.missingCommand("lanyard key") }
}
