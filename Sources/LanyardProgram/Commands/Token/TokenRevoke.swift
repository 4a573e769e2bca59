// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore
internal import LanyardStore

/// The command `lanyard token revoke`.
struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End the session of a token, also while servers run.",
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
        try await settings.withStore(for: .looking) { opened throws(Failure) in
            let outcome = try await rethrowing(
                as: { Failure($0, at: "of the settings") }, await opened.tokenRevocation.revoke(text))
            try report(outcome)
        }
    }

    private func report(_ outcome: TokenRevocation.Outcome) throws(Failure) {
        switch outcome {
        case .sessionEnded(let session): writeNotice("lanyard: ended the session \(session.id)\n")
        case .sessionOver(let id): writeNotice("lanyard: the session \(id) is over already\n")
        case .clientRevoked(let id):
            writeNotice("lanyard: revoked the tokens of the client \(id); it can get new ones\n")
        case .clientOver(let id):
            writeNotice("lanyard: this token of the client \(id) was revoked already\n")
        case .foreign:
            throw Failure(
                .answeredNo,
                "no key of this store has signed this token, or the key was revoked; check LANYARD_STORE_URL")
        }
    }
}
