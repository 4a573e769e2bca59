// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCore

/// The command `lanyard client`.
struct ClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Add, list and remove services that get tokens for themselves.",
        discussion: "Running servers follow at once.",
        subcommands: [ClientAdd.self, ClientList.self, ClientRemove.self])

    func run() throws { throw Failure.missingCommand("lanyard client") }
}

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
        let rules = try await ClientRules(settings, for: .adding)
        defer { rules.close() }
        try await rules.add(new, named: name)
    }
}

/// The command `lanyard client list`.
struct ClientList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all service clients.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        let rules = try await ClientRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.list(asJSON: json)
    }
}

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
        let rules = try await ClientRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.remove(name)
    }
}
