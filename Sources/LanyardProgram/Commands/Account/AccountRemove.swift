// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard account remove`.
struct AccountRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an account and end its sessions.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String

    func run() async throws {
        try await options.settings().withAccounts(for: .looking) { accounts throws(Failure) in
            let ended = try await rethrowing(
                as: { Failure($0, account: name) }, await accounts.remove(named: name))
            writeNotice("lanyard: removed the account \(name.escapingControls) and ended \(ended.counted)\n")
        }
    }
}
