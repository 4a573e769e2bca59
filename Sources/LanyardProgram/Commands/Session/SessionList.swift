// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard session list`.
struct SessionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sessions of an account that are not over, newest first.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            let sessions = try await rethrowing(
                as: { Failure($0, account: name) }, await opened.listSessions(ofAccount: name))
            try Listing(isJSON: json).write(sessions)
        }
    }
}
