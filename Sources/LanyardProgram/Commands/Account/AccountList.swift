// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCore

/// The command `lanyard account list`.
struct AccountList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all accounts.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        try await options.settings().withAccounts(for: .looking) { accounts throws(Failure) in
            try await Listing(isJSON: json).write(accounts.pages()) { Failure($0, account: "") }
        }
    }
}
