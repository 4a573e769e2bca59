// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCore
internal import LanyardCrypto

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
        try await settings.withStore(for: .looking) { opened throws(Failure) in
            let report = try await rethrowing(as: Failure.init(keys:), await opened.changeKeys(importing: key))
            try writeResult(report.text)
        }
        let usual = settings.keys.policy.algorithm
        guard key.algorithm != usual else { return }
        writeNotice(
            """
            lanyard: LANYARD_KEYS_ALGORITHM is \(usual.rawValue): a key of that algorithm will follow the imported one, \
            which is for \(key.algorithm.rawValue)

            """)
    }
}
