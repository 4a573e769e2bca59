// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Look into an access token, verify or revoke one.",
        subcommands: [TokenDecode.self, TokenVerify.self, TokenRevoke.self])

    func run() throws { throw Failure.missingCommand("lanyard token") }
}
