// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard account`.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Add, show, change and remove accounts, also while the server runs.",
        subcommands: [
            AccountAdd.self, AccountList.self, AccountShow.self, AccountDisable.self, AccountEnable.self,
            AccountRole.self, AccountPassword.self, AccountRemove.self,
        ])

    func run() throws { throw Failure.missingCommand("lanyard account") }
}
