// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardCore

/// The command `lanyard key`.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "List, rotate and revoke signing keys, also while servers run.",
        discussion: """
            Keys rotate by themselves every LANYARD_KEYS_ROTATE_EVERY; no command is needed for that. Servers that run \
            follow a command within 5 s; if none runs, the next one to start does.
            """,
        subcommands: [
            KeyList.self, KeyRotate.self, KeyRevoke.self, KeyExport.self, KeyImport.self,
        ])

    func run() throws { throw Failure.missingCommand("lanyard key") }
}

/// The command `lanyard key list`.
struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys of the key set, oldest first.")

    @OptionGroup var options: StoreOptions
    @Flag(help: "Print a JSON array.") var json = false

    func run() async throws {
        let rules = try await KeyRules(options.settings())
        defer { rules.close() }
        try rules.list(asJSON: json)
    }
}

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

    private static let delays = SettingKind<Duration>.duration("5s", "1h")

    func run() async throws {
        let rules = try await KeyRules(options.settings())
        defer { rules.close() }
        let lead = delay.flatMap(Self.delays.parse) ?? KeyPolicy.hastyLead
        try await rules.carryOut(refresh ? .rotateRefresh : now ? .rotateNow(in: lead) : .rotate)
    }
}

/// The command `lanyard key revoke`.
struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a key out of the key set, because its private half may be known.",
        discussion: "The key that signs leaves 5 s from now, when another one takes over. Sessions continue.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key's id, as 'lanyard key list' shows it.") var kid: String

    func run() async throws {
        let rules = try await KeyRules(options.settings())
        defer { rules.close() }
        try await rules.carryOut(.revoke(kid: kid))
    }
}

/// The command `lanyard key export`.
struct KeyExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print the public half of a key as JWK.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key's id, as 'lanyard key list' shows it.") var kid: String
    @Flag(help: "Print PEM (SubjectPublicKeyInfo).") var pem = false

    func run() async throws {
        let rules = try await KeyRules(options.settings())
        defer { rules.close() }
        try rules.export(kid, asPEM: pem)
    }
}

/// The command `lanyard key import`.
struct KeyImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Publish a private key that you have; it signs next.",
        discussion: "The file is PEM (PKCS#8, not encrypted) or a private JWK, and only you may read it.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The file.") var file: String

    func run() async throws {
        let settings = try options.settings()
        // The file is read and checked before the store is opened.
        let key = try settings.readKeyFile(at: file)
        let rules = try await KeyRules(settings)
        defer { rules.close() }
        try await rules.add(key)
    }
}
