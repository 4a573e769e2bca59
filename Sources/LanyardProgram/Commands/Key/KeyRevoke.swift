// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard key revoke`.
struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a key out of the key set, because its private half may be known.",
        discussion: "The key that signs leaves 5 s from now, when another one takes over. Sessions continue.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key's id, as 'lanyard key list' shows it.") var kid: String

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            let report = try await rethrowing(
                as: Failure.init(keys:), await opened.changeKeys(.revoke(kid: KeyID(kid))))
            try writeResult(report.text)
        }
    }
}
