// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

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
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            if let session {
                try await rethrowing(as: Failure.init(session:), await opened.revokeSessions(SessionID(session)))
                writeNotice("lanyard: ended the session \(session)\n")
            } else if let account {
                let ended = try await rethrowing(
                    as: { Failure($0, account: account) }, await opened.revokeSessions(ofAccount: account))
                writeNotice("lanyard: ended \(ended.counted) of \(account.escapingControls)\n")
            } else {
                let count = try await rethrowing(
                    as: Failure.init(allSessions:), await opened.revokeAll(willWait: announce))
                writeNotice("lanyard: ended \(SessionCount.text(count))\n")
            }
        }
    }

    private func announce(_ count: Int, _ pause: Duration) {
        writeNotice(
            """
            lanyard: ended \(SessionCount.text(count)); the key of refresh tokens is new, so wait \
            \(pause.wholeSeconds) s until every server uses it, then sessions opened meanwhile end too

            """)
    }
}
