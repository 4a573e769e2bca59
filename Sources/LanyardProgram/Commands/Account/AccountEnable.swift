// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard account enable`.
struct AccountEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled account log in again; its sessions stay over.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String

    func run() async throws {
        try await options.settings().withAccounts(for: .looking) { accounts throws(Failure) in
            let change = try await rethrowing(
                as: { Failure($0, account: name) }, await accounts.setDisabled(false, named: name))
            let shown = name.escapingControls
            writeNotice(
                change.wasDisabled
                    ? "lanyard: enabled the account \(shown); the sessions it had stay over\n"
                    : "lanyard: the account \(shown) is not disabled; nothing was changed\n")
        }
    }
}
