// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCoding
internal import LanyardVerifier

/// The command `lanyard token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Look into an access token, or verify one.",
        subcommands: [Decode.self, Verify.self])

    func run() throws { throw Failure.missingCommand("lanyard token") }

    /// The command `lanyard token decode`.
    struct Decode: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print header and claims of a token. Nothing is checked: anybody may have written it.")

        @OptionGroup var options: SettingsOptions
        @Argument(help: "The token, or - to read it from standard input.")
        var token: String

        func run() throws {
            let compact = try TokenArgument.read(token)
            let result: String
            do throws(TokenError) {
                let token = try UnverifiedToken(compact)
                let decoded: JSONValue = [
                    "header": .object(try token.unverifiedHeaderObject()),
                    "claims": .object(try token.unverifiedClaimsObject()),
                ]
                result = decoded.text
            } catch {
                throw Failure(.data, "this is not a token: \(error.reason)")
            }
            try writeResult(result + "\n")
        }
    }

    /// The command `lanyard token verify`.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify a token as a service would, and print its claims.",
            discussion: """
                With --issuer the key set is found through the issuer's metadata, which must lie with the issuer itself. \
                With --jwks it is read from a file, and the token's own issuer is believed. Whether the token was revoked \
                is not checked. The answer no is status 1.
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

        func run() throws {
            let source = try KeySetSource(issuer: issuer, file: jwks)
            var types = [TokenType.accessToken]
            if try options.settings().tokens.type == .jwt { types.append(.jwt) }
            let compact = try TokenArgument.read(token)

            let token = try answeringNo { () throws(TokenError) in try UnverifiedToken(compact) }
            let keys = try source.keys()
            let verified = try answeringNo { () throws(TokenError) in
                let claimed = try token.unverifiedClaimsObject()["iss"]?.string
                var rules = VerificationRules(
                    issuer: issuer ?? claimed ?? "", audiences: audience.map { [$0] })
                rules.types = types
                return try Verifier(rules: rules).verify(token, keys: keys, at: NumericDate(SystemClock.now()))
            }
            try writeResult(verified.claimsJSON + "\n")
        }

        private func answeringNo<R>(_ check: () throws(TokenError) -> R) throws(Failure) -> R {
            do throws(TokenError) {
                return try check()
            } catch {
                throw Failure(.answeredNo, "the token is not valid: \(error.reason)")
            }
        }
    }
}
