// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard account disable`.
struct AccountDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Let nobody log in as an account, and end its sessions.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String

    func run() async throws {
        try await options.settings().withAccounts(for: .looking) { accounts throws(Failure) in
            let change = try await rethrowing(
                as: { Failure($0, account: name) }, await accounts.setDisabled(true, named: name))
            let shown = name.escapingControls
            writeNotice(
                change.wasDisabled
                    ? "lanyard: the account \(shown) is disabled already; nothing was changed\n"
                    : "lanyard: disabled the account \(shown) and ended \(change.ended.counted)\n")
        }
    }
}
