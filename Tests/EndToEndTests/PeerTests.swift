// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Programs that nobody here wrote verify the tokens of the real server, and refuse every altered copy of them.
@Suite(.server("--dev"))
struct `The tokens` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    @Test(.enabled(if: Peers.python != nil, Peers.howToGet), arguments: ["pyjwt", "joserfc", "authlib"])
    func `are verified by a Python library`(library: String) throws {
        try run(try #require(Peers.python), ["\(library)_peer.py"])
    }

    @Test(.enabled(if: Peers.hasShellTools, "curl, jq and openssl are installed"))
    func `are verified by the openssl command line alone`() throws {
        try run("/usr/bin/env", ["bash", "openssl.sh"])
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        var arguments = arguments
        let last = arguments.removeLast()
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: program,
                arguments: arguments + [Peers.folder + "/" + last, "http://localhost:\(server.port)"],
                environment: Lanyard.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 },
                folder: server.folder.path))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardOutput.contains("accepts the token of alice"))
        #expect(output.standardOutput.contains(/refuses \d\d+ altered copies/))
        print(output.standardOutput, terminator: "")
    }
}

/// Where the programs of others are found.
enum Peers {
    static let folder = Lanyard.repository + "/Tests/Peers"

    /// A Python that has what `Tests/Peers/requirements.txt` names; `Scripts/test` makes one and says where.
    static let python = ProcessInfo.processInfo.environment["TEST_PYTHON"]

    /// The folder of that Python, where it is called `python3`.
    static let pythonFolder = python.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }

    static let howToGet: Comment = "TEST_PYTHON names a Python with Tests/Peers/requirements.txt (see Scripts/test)"

    static let hasShellTools = ["bash", "curl", "jq", "openssl"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0)
    }
}
