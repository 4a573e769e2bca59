// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A thousand slow clients, made by `slowhttptest`, beside one that is in no hurry to go away.
@Suite(
    .serialized, .enabled(if: SlowClients.isInstalled, "slowhttptest is installed (see Scripts/test)"),
    .enabled(if: Descriptors.limit >= 4_096, Descriptors.comment))
struct `A thousand slow clients` {
    /// An attack, as the options of slowhttptest, and its target.
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let options: [String]
        let target: String
        /// Whether the server ends every connection of it, rather than having answered already.
        let isCutOff: Bool

        var testDescription: String { name }
    }

    static let attacks = [
        Attack(name: "slow heads", options: ["-H"], target: "/livez", isCutOff: true),
        Attack(name: "slow content", options: ["-B", "-t", "POST", "-s", "4096"], target: "/login", isCutOff: true),
        Attack(
            name: "slow reading", options: ["-X", "-k", "3", "-w", "1", "-y", "512", "-z", "5", "-n", "1"],
            target: "/.well-known/jwks.json", isCutOff: false),
    ]

    private static let settings = [
        "LANYARD_HTTP_HEADER_TIMEOUT": "2s", "LANYARD_HTTP_BODY_TIMEOUT": "2s", "LANYARD_HTTP_IDLE_TIMEOUT": "2s",
        "LANYARD_HTTP_MAX_CONNECTIONS_PER_IP": "10000",
    ]

    @Test(arguments: attacks)
    func `do not keep a fast one from its answers`(_ attack: Attack) throws {
        let server = try RunningLanyard(settings: Self.settings)
        #expect(try server.get("/.well-known/jwks.json").status == 200)
        let before = try server.descriptorCount
        let siege = try ChildProcess(
            ChildProcess.Invocation(
                executable: SlowClients.program,
                arguments: attack.options + [
                    "-c", "1000", "-r", "1000", "-i", "1", "-l", "15", "-p", "3", "-v", "1",
                    "-u", server.url + attack.target,
                ],
                environment: Lanyard.environment, folder: server.folder.path))
        defer { siege.send(SIGKILL) }

        var most = 0
        var answers = 0
        let deadline = Deadline.after(.seconds(12))
        while !deadline.isOver {
            // Each has a deadline of its own, and the connection is a new one.
            #expect(try server.get("/livez").status == 200)
            #expect(try server.get("/.well-known/jwks.json").status == 200)
            answers += 2
            most = max(most, try server.descriptorCount)
            if most > before + 500, try server.descriptorCount < before + 20 { break }
        }
        #expect(most > before + 500, "the siege was one")
        #expect(answers > 2)
        // The server is rid of them by itself, while most of them would stay.
        #expect(try server.descriptorCount(fallenTo: before + 20) <= before + 20)
        if attack.isCutOff {
            #expect(try siege.waitForEnd() == .exit(0))
            #expect(siege.standardOutput.text.contains("No open connections left"), "\(siege.standardOutput.text)")
        }
        #expect(try server.get("/livez").status == 200)
        let log = server.process.standardError.text
        #expect(!log.contains("\"level\":\"error\""), "\(log)")
    }
}

/// Debian's slowhttptest.
enum SlowClients {
    static let program = "/usr/bin/slowhttptest"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: program)
}
