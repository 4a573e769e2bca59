// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Starts that would lose or mix up somebody's data, or open a door.
@Suite struct `A start is refused` {
    private static let otherKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    @Test func `with another master key, and nothing is changed`() throws {
        let folder = try folderWithData()
        let before = try folder.picture(of: "data")
        let given = try Lanyard.run(
            ["serve", "--listen", "127.0.0.1:0"], settings: ["LANYARD_KEYS_MASTER": Self.otherKey], in: folder)
        try expectRefusal(given, 78)
        #expect(try folder.picture(of: "data") == before)

        try folder.write("data/master.key", Self.otherKey + "\n")
        let swapped = try folder.picture(of: "data")
        try expectRefusal(try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], in: folder), 78)
        #expect(try folder.picture(of: "data") == swapped)
    }

    @Test func `with a store and no master key, and none is made`() throws {
        let folder = try folderWithData()
        try FileManager.default.removeItem(atPath: folder.path(of: "data/master.key"))
        let before = try folder.picture(of: "data")
        try expectRefusal(try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], in: folder), 78)
        #expect(!folder.contains("data/master.key"))
        #expect(try folder.picture(of: "data") == before)
    }

    @Test(arguments: [
        "", "short", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ])
    func `with a master key file that holds no key`(text: String) throws {
        let folder = try folderWithData()
        try folder.write("data/master.key", text)
        try expectRefusal(try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], in: folder), 78)
    }

    @Test(arguments: [0o644, 0o604, 0o620, 0o602])
    func `with a master key file that others can read or write`(mode: Int) throws {
        let folder = try folderWithData()
        try folder.setMode(of: "data/master.key", to: mode)
        let output = try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], in: folder)
        try expectRefusal(output, 78)
        #expect(output.standardError.contains("master.key"))
    }

    @Test func `on a port that is taken, and the port is named`() throws {
        let server = try RunningLanyard()
        let folder = try TemporaryFolder()
        let output = try Lanyard.run(["serve", "--listen", "127.0.0.1:\(server.port)"], in: folder)
        try expectRefusal(output, 69)
        #expect(output.standardError.contains("\(server.port)"))
        #expect(try server.get("/livez").status == 200)
    }

    @Test func `on a management port that is taken, and the setting is named`() throws {
        let server = try RunningLanyard()
        let folder = try TemporaryFolder()
        let settings = ["LANYARD_MANAGEMENT_LISTEN": "127.0.0.1:\(server.managementPort)"]
        let output = try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], settings: settings, in: folder)
        try expectRefusal(output, 69)
        #expect(output.standardError.contains("LANYARD_MANAGEMENT_LISTEN"))
        #expect(!folder.contains("data"), "nothing is made")
    }

    @Test func `on an address that is not here`() throws {
        let settings = ["LANYARD_ISSUER": "http://192.0.2.1:8080"]
        let output = try Lanyard.run(
            ["serve", "--listen", "192.0.2.1:8080"], settings: settings, in: TemporaryFolder())
        try expectRefusal(output, 69)
    }

    @Test func `where the data folder is a file`() throws {
        let folder = try TemporaryFolder()
        try folder.write("data", "a file")
        try expectRefusal(try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], in: folder), 73)
        #expect(try folder.bytes(of: "data") == Array("a file".utf8))
    }

    @Test func `with a store that is none`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("data")
        try folder.write("data/lanyard.sqlite3", String(repeating: "This is not a database. ", count: 100))
        let before = try folder.bytes(of: "data/lanyard.sqlite3")
        try expectRefusal(try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], in: folder), 69)
        #expect(try folder.bytes(of: "data/lanyard.sqlite3") == before)
    }

    @Test func `on the data of developers, unless for developers`() throws {
        let server = try RunningLanyard(["--dev"])
        try server.stop()
        let settings = [
            "LANYARD_STORE_URL": "sqlite:data/dev/lanyard.sqlite3", "LANYARD_KEYS_MASTER_FILE": "data/dev/master.key",
        ]
        let output = try Lanyard.run(["serve", "--listen", "127.0.0.1:0"], settings: settings, in: server.folder)
        try expectRefusal(output, 78)
    }

    @Test(arguments: ["0.0.0.0:0", "[::]:0"])
    func `on every address without an issuer`(listen: String) throws {
        for arguments in [["serve", "--listen", listen], ["serve", "--dev", "--listen", listen]] {
            let output = try Lanyard.run(arguments, in: TemporaryFolder())
            try expectRefusal(output, 78)
            #expect(output.standardError.contains("LANYARD_ISSUER"))
        }
    }

    @Test func `for developers off loopback without an issuer`() throws {
        let output = try Lanyard.run(["serve", "--dev", "--listen", "192.0.2.1:0"], in: TemporaryFolder())
        try expectRefusal(output, 78)
        #expect(output.standardError.contains("LANYARD_ISSUER"))
    }

    /// A folder with the data of a server that has stopped.
    private func folderWithData() throws -> TemporaryFolder {
        let server = try RunningLanyard()
        try server.stop()
        return server.folder
    }
}

/// Expects a failure as the contract describes it: one line that begins with the program's name, and an exit code.
func expectRefusal(
    _ output: Lanyard.Output, _ code: Int32, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(output.ending == .exit(code), "\(output.standardError)", sourceLocation: sourceLocation)
    #expect(output.standardOutput == "", sourceLocation: sourceLocation)
    let line = try #require(output.complaints.last, sourceLocation: sourceLocation)
    #expect(line.hasPrefix("lanyard: "), "\(line)", sourceLocation: sourceLocation)
    #expect(output.complaints.count == 1, "\(output.standardError)", sourceLocation: sourceLocation)
}
