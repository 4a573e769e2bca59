// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCore

/// The command `lanyard account`.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Add, show, change and remove accounts, also while the server runs.",
        subcommands: [
            AccountAdd.self, AccountList.self, AccountShow.self, AccountDisable.self, AccountEnable.self,
            AccountRole.self, AccountPassword.self, AccountRemove.self,
        ])

    func run() throws { throw Failure.missingCommand("lanyard account") }
}

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
        let rules = try await AccountRules(settings, for: .adding)
        defer { rules.close() }
        try await rules.add(new, named: name, password: password)
    }
}

/// The command `lanyard account list`.
struct AccountList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all accounts.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        let rules = try await AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.list(asJSON: json)
    }
}

/// The command `lanyard account show`.
struct AccountShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one account.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let rules = try await AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.show(name, asJSON: json)
    }
}

/// The command `lanyard account disable`.
struct AccountDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Let nobody log in as an account, and end its sessions.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String

    func run() async throws {
        let rules = try await AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.setDisabled(true, name)
    }
}

/// The command `lanyard account enable`.
struct AccountEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled account log in again; its sessions stay over.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String

    func run() async throws {
        let rules = try await AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.setDisabled(false, name)
    }
}

/// The command `lanyard account role`.
struct AccountRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Give roles to an account, or take them away.",
        discussion: """
            Tokens show it from the next refresh on. A role that is there already, or is not there to be taken away, is told of and is no failure.
            """)

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String
    @Option(name: .customLong("add"), help: "A role to give; repeat the option for more.") var added: [String] = []
    @Option(name: .customLong("remove"), help: "A role to take away; repeat the option for more.") var removed:
        [String] = []

    func validate() throws {
        guard !added.isEmpty || !removed.isEmpty else { throw ValidationError("give --add ROLE or --remove ROLE") }
        if let role = added.first(where: removed.contains) {
            throw ValidationError("the role '\(role)' is to be added and removed; give one of them")
        }
    }

    func run() async throws {
        let settings = try options.settings()
        let edit = try RoleEdit.checked(adding: added, removing: removed, named: name)
        let rules = try await AccountRules(settings, for: .looking)
        defer { rules.close() }
        try await rules.changeRoles(name, edit)
    }
}

/// The command `lanyard account remove`.
struct AccountRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an account and end its sessions.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String

    func run() async throws {
        let rules = try await AccountRules(options.settings(), for: .looking)
        defer { rules.close() }
        try await rules.remove(name)
    }
}

/// The command `lanyard account password`.
struct AccountPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a new password and end the account's sessions.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The account's name.") var name: String
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input, one line.")
    var readsStandardInput = false

    func run() async throws {
        let settings = try options.settings()
        let policy = try settings.passwordPolicy()
        let rules = try await AccountRules(settings, for: .looking)
        defer { rules.close() }
        try await rules.setPassword(name, under: policy, fromStandardInput: readsStandardInput)
    }
}
