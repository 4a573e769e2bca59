// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCoding
internal import LanyardCore
internal import LanyardVerifier

/// The command `lanyard token verify`.
struct TokenVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a token as a service would, and print its claims.",
        discussion: """
            With --issuer the key set is found through the issuer's metadata, which must lie with the issuer itself. \
            The issuer's status list is asked too, if the token has a place in one: what was revoked is not valid. \
            With --jwks the key set is read from a file, and the token's own issuer is believed; whether the token was \
            revoked is not checked, since nobody is asked. The answer no is status 1; 69 means that it cannot be told.
            """)

    @OptionGroup var options: SettingsOptions
    @Argument(help: "The token, or - to read it from standard input.")
    var token: String
    @Option(help: ArgumentHelp("The issuer that the token must be from.", valueName: "url"))
    var issuer: String?
    @Option(help: ArgumentHelp("A file with the issuer's key set.", valueName: "file"))
    var jwks: String?
    @Option(
        help: ArgumentHelp("The audience that the token must be for; not looked at without it.", valueName: "name"))
    var audience: String?
    @Flag(help: "Do not ask whether the token was revoked.")
    var withoutStatus = false

    func run() throws {
        let source = try KeySetSource(issuer: issuer, file: jwks)
        var types = [TokenType.accessToken]
        if try options.settings().tokens.type == .jwt { types.append(.jwt) }
        let compact = try TokenArgument.read(token)

        let token = try answeringNo { () throws(TokenError) in try UnverifiedToken(compact) }
        let keys = try source.keys()
        let now = NumericDate(SystemClock.now())
        let (verifier, verified) = try answeringNo { () throws(TokenError) in
            let claimed = try token.unverifiedClaimsObject()["iss"]?.string
            var rules = VerificationRules(
                issuer: issuer ?? claimed ?? "", audiences: audience.map { [$0] })
            rules.types = types
            let verifier = Verifier(rules: rules)
            return (verifier, try verifier.verify(token, keys: keys, at: now))
        }
        if !withoutStatus { try checkStatus(of: verified, by: verifier, keys: keys, at: now) }
        try writeResult(verified.claimsJSON + "\n")
    }

    /// Looks the token up in its status list, if it has one and there is an issuer to ask.
    private func checkStatus(
        of token: VerifiedToken, by verifier: Verifier, keys: KeySet, at now: NumericDate
    ) throws(Failure) {
        guard let reference = token.status else { return }
        guard issuer != nil else {
            writeNotice("lanyard: not checked with --jwks: whether the token was revoked; see --issuer\n")
            return
        }
        // Found before anybody is asked, for only the issuer is.
        guard reference.isBelow(issuer: token.issuer) else {
            throw no(.foreignStatusList(uri: reference.uri))
        }
        let list = try StatusListSource(uri: reference.uri).list(by: verifier, keys: keys, at: now)
        try answeringNo { () throws(TokenError) in try verifier.requireValid(token, in: list, at: now) }
    }

    private func answeringNo<R>(_ check: () throws(TokenError) -> R) throws(Failure) -> R {
        do throws(TokenError) {
            return try check()
        } catch {
            throw no(error)
        }
    }

    private func no(_ error: TokenError) -> Failure {
        Failure(.answeredNo, "the token is not valid: \(error.reason)")
    }
}
