// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard client add`.
struct ClientAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a service client; its secret is made here and printed this once.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The client_id: 1 to 64 of A-Z a-z 0-9 . _ : -") var name: String
    @Option(name: .customLong("role"), help: "A role; repeat the option for more.") var roles: [String] = []

    func run() async throws {
        // Everything is read and checked before a store is made.
        let settings = try options.settings()
        let new = try NewClient.checked(name: name, roles: roles)
        try await settings.withStore(for: .adding) { opened throws(Failure) in
            let secret = try await rethrowing(as: { Failure($0, client: name) }, await opened.clients.add(new))
            try writeResult("client_id: \(name)\nclient_secret: \(secret.reveal())\n")
            writeNotice("lanyard: added the client \(name); its secret is shown this once\n")
        }
    }
}
