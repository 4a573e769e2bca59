// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCore

/// The command `lanyard key list`.
struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of the key set, oldest first.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            try Listing(isJSON: json).write(opened.foundation.publishedKeys)
        }
    }
}
