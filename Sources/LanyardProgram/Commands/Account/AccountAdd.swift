// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard account add`.
struct AccountAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add an account; its password is asked for, never an argument.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "What the owner logs in with.") var name: String
    @Option(help: "An e-mail address; not used for login.") var email: String?
    @Option(name: .customLong("role"), help: "A role; repeat the option for more.") var roles: [String] = []
    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp(
            "A further claim of the account's tokens: NAME=TEXT, or NAME:=JSON.", valueName: "claim"))
    var claims: [String] = []
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input, one line.")
    var readsStandardInput = false

    func run() async throws {
        // Everything is read and checked before a store is made.
        let settings = try options.settings()
        let new = try NewAccount.checked(
            name: name, email: email, roles: roles, claims: ClaimArguments.object(claims))
        let text = try PasswordInput.standard.read(for: name, fromPipe: readsStandardInput)
        let password = try new.accept(text, under: settings.passwordPolicy(), named: name)
        try await settings.withAccounts(for: .adding) { accounts throws(Failure) in
            try await rethrowing(
                as: { Failure($0, account: name) }, await accounts.add(new, password: password))
            writeNotice("lanyard: added the account \(name.escapingControls)\n")
        }
    }
}
