// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@Suite struct `The check of settings` {
    private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    private func check(
        _ folder: TemporaryFolder, _ settings: [String: String] = [:]
    ) throws -> Lanyard.Output {
        try Lanyard.run(["config", "check"], settings: settings, in: folder)
    }

    @Test func `opens the store, and changes nothing`() throws {
        let folder = try TemporaryFolder()
        #expect(try check(folder).standardOutput.contains("good"), "a store that is to be made")
        #expect(!folder.contains("data"))
        try RunningLanyard(in: folder).stop()
        let picture = try folder.picture(of: "data")
        #expect(try check(folder).standardOutput.contains("good"))
        #expect(try folder.picture(of: "data") == picture)

        let other = try check(folder, ["LANYARD_KEYS_MASTER": Self.key])
        try expectRefusal(other, 78)
        #expect(other.standardError.contains("master key"))
        #expect(try folder.picture(of: "data") == picture)
    }

    @Test func `is 78 for a store that cannot be opened`() throws {
        let folder = try TemporaryFolder()
        try expectRefusal(try check(folder, ["LANYARD_STORE_URL": "postgresql://u@localhost/d"]), 78)
        try folder.write("text", "this is no database, and long enough to be told from an empty file\n")
        try expectRefusal(try check(folder, ["LANYARD_STORE_URL": "sqlite:text"]), 78)
        try RunningLanyard(["--dev"], in: folder).stop()
        let dev = [
            "LANYARD_STORE_URL": "sqlite:data/dev/lanyard.sqlite3", "LANYARD_KEYS_MASTER_FILE": "data/dev/master.key",
        ]
        let marked = try check(folder, dev)
        try expectRefusal(marked, 78)
        #expect(marked.standardError.contains("--dev"))
    }

    @Test func `warns of a certificate that expired or soon will`() throws {
        let folder = try TemporaryFolder()
        let files = try TLSFiles(in: folder)
        try files.openssl("x509 -req -in server.csr -CA root.pem -CAkey root.key -days 0 -out server.pem")
        let output = try check(folder, files.settings)
        #expect(output.ending == .exit(0))
        let lines = output.standardOutput.split(separator: "\n")
        #expect(lines.first?.hasPrefix("warning: the certificate") == true, "\(output)")
        #expect(!output.standardOutput.contains("good") && output.standardError == "")

        try files.issue("server")
        #expect(try check(folder, files.settings).standardOutput.contains("good"))
    }

    @Test func `is 78 for a settings file with a secret that others can read`() throws {
        let folder = try TemporaryFolder()
        try folder.write("my.env", "LANYARD_KEYS_MASTER=\(Self.key)\n", mode: 0o644)
        let output = try Lanyard.run(["config", "check", "--config", "my.env"], in: folder)
        try expectRefusal(output, 78)
        #expect(output.standardError.contains("my.env") && output.standardError.contains("chmod 600"))
        try expectRefusal(try Lanyard.run(["config", "print", "--config", "my.env"], in: folder), 78)
        try folder.setMode(of: "my.env", to: 0o600)
        #expect(try Lanyard.run(["config", "check", "--config", "my.env"], in: folder).ending == .exit(0))
    }
}
