// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardCrypto
internal import LanyardStore
internal import LanyardVerifier

/// The command `lanyard key export`.
struct KeyExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print the public half of a key as JWK.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The key's id, as 'lanyard key list' shows it.") var kid: String
    @Flag(help: "Print PEM (SubjectPublicKeyInfo).") var pem = false

    func run() async throws {
        try await options.settings().withStore(for: .looking) { opened throws(Failure) in
            let id = KeyID(kid)
            guard let record = opened.foundation.key(id) else { throw Failure(KeyOrder.Refusal.unknown(kid: id)) }
            guard let key = try? JSONWebKey(opening: record) else {
                throw Failure(
                    .unavailable, "the key \(kid.escapingControls) is damaged; restore the store from a backup")
            }
            try writeResult(pem ? try key.pem() : key.text)
        }
    }
}

extension JSONWebKey {
    fileprivate func pem() throws(Failure) -> String {
        guard let pem = try? publicKey.pem else { throw Failure(.bug, "the key cannot be written as PEM") }
        return pem
    }

    fileprivate var text: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(decoding: writer.finish(), as: UTF8.self) + "\n"
    }
}
