// SPDX-License-Identifier: Apache-2.0

import Testing

/// Parsers that nobody here wrote read `Tests/Vectors/http`; no server is needed.
@Suite struct `The vectors of requests` {
    @Test(.enabled(if: Peers.python != nil, Peers.howToGet))
    func `are read by h11 and httptools as we do, but for what is explained`() throws {
        let output = try Lanyard.run(
            ChildProcess.Invocation(
                executable: try #require(Peers.python), arguments: [Peers.folder + "/http_differential.py"],
                environment: Lanyard.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 },
                folder: Lanyard.repository))
        #expect(output.ending == .exit(0), "\(output.standardOutput)\(output.standardError)")
        #expect(output.standardOutput.contains(/compared: \d\d\d+ vectors with 2 peers/))
        print(output.standardOutput, terminator: "")
    }
}
