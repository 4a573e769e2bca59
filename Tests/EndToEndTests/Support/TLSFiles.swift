// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Certificates that the openssl command line makes, and the settings that name them.
struct TLSFiles {
    let folder: TemporaryFolder

    /// Makes a root, and a certificate for `localhost` and `127.0.0.1`.
    init(in folder: TemporaryFolder) throws {
        self.folder = folder
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=root "
                + "-keyout root.key -out root.pem")
        try issue("server")
    }

    /// What makes the server speak TLS with the pair `server`.
    var settings: [String: String] {
        ["LANYARD_HTTP_TLS_CERTIFICATE": "server.pem", "LANYARD_HTTP_TLS_KEY": "server.key"]
    }

    /// Makes another pair with the same names.
    func issue(_ name: String) throws {
        try openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost "
                + "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout \(name).key -out \(name).csr")
        try openssl(
            "x509 -req -in \(name).csr -CA root.pem -CAkey root.key -days 2 -copy_extensions copy -out \(name).pem")
    }

    /// Puts a file in the place of another, whole at any moment.
    func replace(_ name: String, with other: String) throws {
        let bytes = try folder.bytes(of: other)
        try folder.write("draft", String(decoding: bytes, as: UTF8.self))
        _ = try FileManager.default.replaceItemAt(
            URL(fileURLWithPath: folder.path(of: name)), withItemAt: URL(fileURLWithPath: folder.path(of: "draft")))
    }

    /// Runs openssl in the folder, without any input, and returns what it wrote.
    @discardableResult
    func openssl(_ arguments: String, mayFail: Bool = false) throws -> Lanyard.Output {
        try run("/usr/bin/openssl", arguments.split(separator: " ").map(String.init), mayFail: mayFail)
    }

    /// Runs curl in the folder, with the root trusted, and returns what it wrote.
    func curl(_ arguments: String..., mayFail: Bool = false) throws -> Lanyard.Output {
        try run(
            "/usr/bin/curl", ["--silent", "--show-error", "--max-time", "60", "--cacert", "root.pem"] + arguments,
            mayFail: mayFail)
    }

    /// Runs a program in the folder.
    func run(_ executable: String, _ arguments: [String], mayFail: Bool = false) throws -> Lanyard.Output {
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: executable, arguments: arguments, environment: Lanyard.environment, folder: folder.path))
        guard mayFail || output.ending == .exit(0) else {
            throw Failure("\(executable) \(arguments): \(output.standardOutput)\(output.standardError)")
        }
        return output
    }
}
