// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

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
        try await settings.withAccounts(for: .looking) { accounts throws(Failure) in
            // Nobody is asked for the password of an account that does not exist.
            try await rethrowing(as: { Failure($0, account: name) }, await accounts.account(named: name))
            let password = try PasswordInput.standard.read(for: name, fromPipe: readsStandardInput)
            let ended = try await rethrowing(
                as: { Failure($0, account: name) },
                await accounts.setPassword(password.reveal(), policy: policy, named: name))
            writeNotice("lanyard: set the password of \(name.escapingControls) and ended \(ended.counted)\n")
        }
    }
}
