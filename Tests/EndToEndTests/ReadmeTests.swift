// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LanyardVerifier
import Testing

extension `The default ports` {
    /// The README is run as it is printed, in one shell, against a server for developers.
    @Suite struct `The README` {
        @Test func `prints commands that work`() throws {
            let folder = try TemporaryFolder()
            // As printed, on port 8080. Only where somebody holds that port is another one put in its place.
            let isPrintedPort = DefaultPorts.areFree
            let server = try RunningLanyard(["--dev"], in: folder, listen: isPrintedPort ? nil : "127.0.0.1:0")
            let readme = try Readme(replacing: "localhost:8080", with: "localhost:\(server.port)")

            try folder.makeFolder("bin")
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(of: "bin/lanyard"), withDestinationPath: Lanyard.binary)
            for (name, text) in readme.files { try folder.write(name, text) }
            // An answer of 400 and above is a failure of curl.
            try folder.write(".curlrc", "fail-with-body\nmax-time = 60\n")
            try folder.write("readme.sh", "set -euo pipefail\n" + readme.script(withPython: Peers.python != nil))

            var invocation = Lanyard.invocation(["readme.sh"], in: folder)
            invocation.executable = "/bin/bash"
            invocation.environment["HOME"] = folder.path
            let folders = [folder.path(of: "bin"), Peers.pythonFolder, "/usr/bin", "/bin"]
            invocation.environment["PATH"] = folders.compactMap(\.self).joined(separator: ":")
            let output = try Lanyard.run(invocation)
            #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
            #expect(readme.blocks.count >= 10)
            for block in readme.blocks where block.isRun(withPython: Peers.python != nil) {
                #expect(output.standardOutput.contains("==> README.md:\(block.line)\n"), "the block was reached")
            }
            #expect(output.standardOutput.contains("\"error\":\"invalid_credentials\""))
            #expect(Peers.python == nil || output.standardOutput.split(separator: "\n").contains("alice"))
        }

        @Test func `prints Swift that is compiled and works`() async throws {
            let source = String(
                decoding: try TemporaryFolder.bytes(at: Lanyard.repository + "/Tests/EndToEndTests/Gate.swift"),
                as: UTF8.self)
            let blocks = try Readme().swift
            #expect(blocks.count == 1)
            for block in blocks { #expect(source.contains(block), "README.md and Gate.swift are the same") }

            let server = try RunningLanyard(["--dev"])
            let gate = Gate(issuer: "http://localhost:\(server.port)", audience: "lanyard") {
                try server.get("/.well-known/jwks.json").body
            }
            let token = try server.logInAlice().accessToken
            #expect(try await gate.admit(token, role: "writer")?.username == "alice")
            #expect(try await gate.admit(token, role: "admin") == nil)
            await #expect(throws: TokenError.self) { try await gate.admit(token + "A", role: "writer") }
            let bank = Gate(issuer: "http://localhost:\(server.port)", audience: "bank") {
                try server.get("/.well-known/jwks.json").body
            }
            await #expect(throws: TokenError.self) { try await bank.admit(token, role: "writer") }
        }
    }
}

/// The fenced blocks of README.md.
private struct Readme {
    private(set) var blocks: [Block] = []
    /// The Python blocks, by the file name that the text above each gives.
    private(set) var files: [String: String] = [:]
    private(set) var swift: [String] = []

    /// One block of commands, and the line it begins at.
    struct Block {
        let line: Int
        let text: String
        /// Whether what is printed below the commands is an error.
        var isRefused = false

        /// What is not run: getting and building the program, starting a server that never ends, and running the
        /// tests, which would run this test.
        private static let unsuited = ["git clone", "Scripts/", "lanyard serve"]

        func isRun(withPython hasPython: Bool) -> Bool {
            let lines = text.split(separator: "\n")
            if lines.contains(where: { line in Self.unsuited.contains { line.hasPrefix($0) } }) { return false }
            return hasPython || !text.contains("python3")
        }
    }

    init(replacing address: String = "", with other: String = "") throws {
        let bytes = try TemporaryFolder.bytes(at: Lanyard.repository + "/README.md")
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = (address.isEmpty ? text : text.replacing(address, with: other)).split(
            separator: "\n", omittingEmptySubsequences: false)
        var language: Substring?
        var start = 0
        for (index, line) in lines.enumerated() where line.hasPrefix("```") {
            if let open = language {
                let block = lines[(start + 1)..<index].joined(separator: "\n") + "\n"
                switch open {
                case "sh": blocks.append(Block(line: start + 1, text: block))
                case "swift": swift.append(block)
                case "python": files[try Self.name(above: lines[..<start])] = block
                case "json": if block.contains("\"error\"") { blocks[blocks.count - 1].isRefused = true }
                default: throw Failure("README.md:\(start + 1): a block in \(open) that nothing checks")
                }
                language = nil
            } else {
                (language, start) = (line.dropFirst(3), index)
            }
        }
        guard language == nil else { throw Failure("README.md:\(start + 1): a block without an end") }
    }

    /// Everything that is run, each block after a line that says where it stands.
    func script(withPython hasPython: Bool) -> String {
        blocks.filter { $0.isRun(withPython: hasPython) }.map { block in
            let announced = "echo; echo '==> README.md:\(block.line)'\n"
            guard block.isRefused else { return announced + block.text }
            return announced + "if\n\(block.text)then echo 'not refused'; exit 1; fi\n"
        }.joined()
    }

    private static func name(above lines: ArraySlice<Substring>) throws -> String {
        let line = lines.last { !$0.isEmpty } ?? ""
        guard let name = line.matches(of: /`([a-z]+\.py)`/).last else { throw Failure("no file name in: \(line)") }
        return String(name.1)
    }
}
