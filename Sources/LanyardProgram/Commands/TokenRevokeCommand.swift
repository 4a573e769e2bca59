// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

extension TokenCommand {
    /// The command `lanyard token revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the session of a token, also while servers run.",
            discussion: """
                Takes an access token, expired or not, or a refresh token. For the token of a service client, all tokens that \
                the client has now are revoked; it gets new ones with its secret. Status 1 means that no key of this store \
                has signed the token. Refreshing and /introspect follow at once, the status lists within \
                LANYARD_STATUS_TTL.
                """)

        @OptionGroup var options: StoreOptions
        @Argument(help: "The token, or - to read it from standard input.")
        var token: String

        func run() async throws {
            let settings = try options.settings()
            let text = try TokenArgument.read(token)
            let rules = try await TokenRules(settings)
            defer { rules.close() }
            try await rules.revoke(text)
        }
    }
}
