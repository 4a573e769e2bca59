// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore

/// The command `lanyard account show`.
struct AccountShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one account.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await options.settings().withAccounts(for: .looking) { accounts throws(Failure) in
            let account = try await rethrowing(
                as: { Failure($0, account: name) }, await accounts.account(named: name))
            try writeResult(json ? account.json.text + "\n" : account.paragraph)
        }
    }
}
