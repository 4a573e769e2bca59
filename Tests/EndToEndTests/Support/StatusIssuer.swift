// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardCoding
import LanyardCrypto
import LanyardVerifier

/// An issuer that is nothing but files: metadata, a key set, and what a test puts there as status lists.
///
/// Python serves them. Its log tells who asked for what.
final class StatusIssuer: Sendable {
    static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    /// What the issuer calls itself.
    let name: String
    let folder: TemporaryFolder
    private let key: PrivateKey
    private let keyID: String
    private let process: ChildProcess

    init() throws {
        folder = try TemporaryFolder()
        key = try PrivateKey.generate(.edDSA, rsaBits: 2_048)
        let published = try JSONWebKey(key.publicKey)
        keyID = published.thumbprint
        for path in ["www", "www/.well-known", "www/status"] {
            try folder.makeFolder(path)
        }
        process = try ChildProcess(
            ChildProcess.Invocation(
                executable: "/usr/bin/python3",
                arguments: ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", "www", "0"],
                environment: Lanyard.environment, folder: folder.path))
        do {
            // "Serving HTTP on 127.0.0.1 port 12345 (http://127.0.0.1:12345/) ..."
            let lines = process.standardOutput.lines(by: .usual) { !$0.isEmpty }
            let words = lines?.first?.split(separator: " ") ?? []
            guard words.count > 5, let port = UInt16(words[5]) else {
                throw Failure("no server: \(process.standardError.text)")
            }
            name = "http://127.0.0.1:\(port)"
            let keys = String(decoding: KeySet([published]).json, as: UTF8.self)
            try folder.write("www/jwks.json", keys)
            try folder.write("keys.json", keys)
            try folder.write(
                "www/.well-known/oauth-authorization-server",
                #"{"issuer":"\#(name)","jwks_uri":"\#(name)/jwks.json"}"#)
        } catch {
            process.send(SIGKILL)
            throw error
        }
    }

    deinit {
        process.send(SIGKILL)
    }

    /// The paths that were asked for so far.
    var asked: [Substring] {
        process.standardError.text.split(separator: "\n").compactMap { line in
            line.split(separator: "\"").dropFirst().first?.split(separator: " ").dropFirst().first
        }
    }

    /// An access token with this `status`, which is JSON.
    func token(status: String?) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims = """
            {"iss":"\(name)","sub":"account","aud":"api","exp":\(now + 600),"iat":\(now),"jti":"token",\
            "client_id":"lanyard"\(status.map { ",\"status\":\($0)" } ?? "")}
            """
        return try sign("at+jwt", claims)
    }

    /// An access token with a place in a list of this issuer.
    func token(index: Int, list: String = "1") throws -> String {
        try token(status: #"{"status_list":{"idx":\#(index),"uri":"\#(name)/status/\#(list)"}}"#)
    }

    /// Puts a list of 8,192 entries where tokens look for it.
    func publish(
        revoked indexes: [Int], as number: String = "1", type: String = "statuslist+jwt", age: Int = 0
    ) throws {
        var bytes = [UInt8](repeating: 0, count: 1_024)
        for index in indexes { bytes[index / 8] |= 1 << UInt8(index % 8) }
        let made = Int(Date().timeIntervalSince1970) - age
        let list = Base64URL.encode(Deflate.zlibOfRuns(bytes))
        let claims = """
            {"iss":"\(name)","sub":"\(name)/status/\(number)","iat":\(made),"exp":\(made + 3_600),"ttl":60,\
            "status_list":{"bits":1,"lst":"\(list)"}}
            """
        try folder.write("www/status/\(number)", try sign(type, claims))
    }

    /// Puts anything there.
    func publish(_ text: String, as number: String = "1") throws { try folder.write("www/status/\(number)", text) }

    func run(_ arguments: [String]) throws -> Lanyard.Output { try Lanyard.run(arguments, in: folder) }

    private func sign(_ type: String, _ claims: String) throws -> String {
        let header = #"{"alg":"EdDSA","kid":"\#(keyID)","typ":"\#(type)"}"#
        let message = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        return message + "." + Base64URL.encode(try key.sign(Array(message.utf8)))
    }
}
