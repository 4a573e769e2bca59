// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What Lanyard has for browsers does in a real Chromium what `docs/browsers.md` says.
@Suite(.serialized)
struct `In a browser` {
    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `the module keeps tokens to itself, and a session through every answer but one`() throws {
        try run("browser_client.py", "module is quiet")
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `many tabs refresh as one, and lost answers sign nobody out`() throws {
        try run("browser_tabs.py", "all stay signed in, until one signs out")
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `the playground is for everybody, and asks nobody else`() throws {
        try run("browser_playground.py", "verifies \(Thoroughness.isFull ? "RS256, PS256, ES256, EdDSA" : "RS256")")
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `the code of the documentation does what is written beside it`() throws {
        try run("browser_docs.py", "every block has run")
    }

    /// Runs a file of `Tests/Peers`, which ends by itself, and what it started with it.
    private func run(_ file: String, _ last: String) throws {
        let folder = try TemporaryFolder()
        var environment = ["PYTHONDONTWRITEBYTECODE": "1", "HOME": folder.path, "TMPDIR": folder.path]
        if Thoroughness.isFull { environment["LANYARD_FULL"] = "1" }
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: try #require(Peers.python), arguments: [Peers.folder + "/" + file, Lanyard.binary],
                environment: Lanyard.environment.merging(environment) { $1 }, folder: folder.path),
            by: .after(.seconds(240)))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardOutput.contains(last))
        print(output.standardOutput, terminator: "")
    }
}
