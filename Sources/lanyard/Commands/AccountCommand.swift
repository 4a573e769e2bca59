// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardService

/// The command `lanyard account`.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Add, show and remove accounts, also while the server runs.",
        subcommands: [
            AccountAdd.self, AccountList.self, AccountShow.self, AccountRemove.self, AccountPassword.self,
        ])

    func run() throws { throw Failure.missingCommand("lanyard account") }
}

/// The command `lanyard account add`.
struct AccountAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add an account; its password is asked for, never an argument.")

    @OptionGroup var options: SettingsOptions
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

    func run() throws {
        // Everything is read and checked before a store is made.
        let settings = try options.settings()
        let new = try NewAccount.checked(
            name: name, email: email, roles: roles, claims: ClaimArguments.object(claims))
        let text = try PasswordInput.standard.read(for: name, fromPipe: readsStandardInput)
        let password = try new.accept(text, under: settings.passwordPolicy(), named: name)
        let rules = try AccountRules(settings, for: .adding)
        defer { rules.close() }
        try rules.add(new, named: name, password: password)
    }
}

/// The command `lanyard account list`.
struct AccountList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all accounts.")

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() throws {
        let rules = try AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try rules.list(asJSON: json)
    }
}

/// The command `lanyard account show`.
struct AccountShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one account.")

    @OptionGroup var options: SettingsOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let rules = try AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try rules.show(name, asJSON: json)
    }
}

/// The command `lanyard account remove`.
struct AccountRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an account and end its sessions.")

    @OptionGroup var options: SettingsOptions
    @Argument(help: "The account's name.") var name: String

    func run() throws {
        let rules = try AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try rules.remove(name)
    }
}

/// The command `lanyard account password`.
struct AccountPassword: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a new password and end the account's sessions.")

    @OptionGroup var options: SettingsOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input, one line.")
    var readsStandardInput = false

    func run() throws {
        let settings = try options.settings()
        let policy = try settings.passwordPolicy()
        let rules = try AccountRules(settings, for: .looking)
        defer { rules.close() }
        try rules.setPassword(name, under: policy, fromStandardInput: readsStandardInput)
    }
}
