// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard client remove`.
struct ClientRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a service client.",
        discussion: """
            It gets no more tokens, and those that it has are revoked: /introspect calls them inactive at once, the status \
            lists show it within LANYARD_STATUS_TTL. Services that look at neither accept them until they expire.
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The client's name.") var name: String

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            try await rethrowing(as: { Failure($0, client: name) }, await opened.clients.remove(named: ClientID(name)))
            writeNotice("lanyard: removed the client \(name); its tokens are revoked\n")
        }
    }
}
