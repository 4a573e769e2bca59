// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore

/// The command `lanyard key rotate`.
struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Publish a new key, which signs when every verifier has read it.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "In an emergency: let the new key sign soon, before every verifier that caches the key set knows it.")
    var now = false
    @Option(
        name: .customLong("in"),
        help: ArgumentHelp(
            "With --now: how soon, 5s to 1h (default: 35s, by when verifiers that fetch unknown keys know it).",
            valueName: "duration"))
    var delay: String?
    @Flag(help: "Make refresh tokens with a new key; the one before checks the tokens that are out.") var refresh =
        false

    func validate() throws {
        if now, refresh { throw ValidationError("--now and --refresh are about different keys; give one of them") }
        guard let delay else { return }
        guard now else { throw ValidationError("--in says how soon --now is; give both, or neither") }
        guard Self.delays.parse(delay) != nil else {
            throw ValidationError("--in \(delay) is not allowed; use \(Self.delays.allowed)")
        }
    }

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            let report = try await rethrowing(
                as: Failure.init(keys:), await opened.changeKeys(order, willWait: announce))
            try writeResult(report.text)
        }
    }

    private var order: KeyOrder {
        if refresh { return .rotateRefresh }
        return now ? .rotateNow(in: delay.flatMap(Self.delays.parse) ?? KeyPolicy.hastyLead) : .rotate
    }

    private func announce(_ pause: Duration) {
        writeNotice(
            "lanyard: the key of refresh tokens is new, so wait \(pause.wholeSeconds) s until every server uses it\n")
    }

    private static let delays = SettingKind<Duration>.duration("5s", "1h")
}
