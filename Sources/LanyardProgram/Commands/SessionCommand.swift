// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// The command `lanyard session`.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List and end sessions, also while servers run.",
        subcommands: [SessionList.self, SessionRevoke.self])

    func run() throws { throw Failure.missingCommand("lanyard session") }
}

/// The command `lanyard session list`.
struct SessionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the sessions of an account that are not over, newest first.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        let rules = try await SessionRules(options.settings())
        defer { rules.close() }
        try await rules.list(name, asJSON: json)
    }
}

/// The command `lanyard session revoke`.
struct SessionRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End one session, those of an account, or all.",
        discussion: """
            Refreshing is refused at once, and within LANYARD_STATUS_TTL the status lists show services that the access \
            tokens are void. With --all the keys that earlier refresh tokens were made with go too, which takes 5 s if \
            'lanyard key rotate --refresh' was less than two minutes ago.
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The session's id, as 'lanyard session list' shows it.") var session: String?
    @Option(help: ArgumentHelp("End all sessions of this account.", valueName: "name")) var account: String?
    @Flag(help: "End all sessions of all accounts.") var all = false

    func validate() throws {
        guard [session != nil, account != nil, all].count(where: \.self) == 1 else {
            throw ValidationError("give either a session's id, or --account NAME, or --all")
        }
    }

    func run() async throws {
        let rules = try await SessionRules(options.settings())
        defer { rules.close() }
        if let session {
            try await rules.revoke(session)
        } else if let account {
            try await rules.revokeAll(ofAccount: account)
        } else {
            try await rules.revokeAll()
        }
    }
}
