// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCoding
internal import LanyardVerifier

/// The command `lanyard token decode`.
struct TokenDecode: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
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
