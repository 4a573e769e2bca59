// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCore

/// The command `lanyard client list`.
struct ClientList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all service clients.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            try await Listing(isJSON: json).write(opened.clients.pages()) { Failure($0, client: "") }
        }
    }
}
