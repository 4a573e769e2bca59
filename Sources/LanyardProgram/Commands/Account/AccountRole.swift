// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

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
        try await settings.withAccounts(for: .looking) { accounts throws(Failure) in
            let change = try await rethrowing(
                as: { Failure($0, account: name) }, await accounts.changeRoles(edit, named: name))
            for line in lines(about: change) { writeNotice("lanyard: \(line)\n") }
        }
    }

    private func lines(about change: RoleChange) -> [String] {
        let shown = name.escapingControls
        let held = change.held.map { "\(shown) has the role \($0) already" }
        let missing = change.missing.map { "\(shown) does not have the role \($0.text.escapingControls)" }
        let roles = change.roles.isEmpty ? "no role" : "the roles \(change.roles.joined(separator: " "))"
        let end =
            change.isChange
            ? "\(shown) has \(roles) now; tokens show it from the next refresh on" : "nothing was changed"
        return held + missing + [end]
    }
}
