// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `The command line` {
    @Test func `tells its version`() throws {
        let output = try Lanyard.run(["--version"], in: TemporaryFolder())
        #expect(output.ending == .exit(0))
        #expect(
            output.standardOutput.wholeMatch(of: /(lanyard )?\d+\.\d+\.\d+\S*\n/) != nil, "\(output.standardOutput)")
    }

    @Test(arguments: [["--help"], ["help"], ["help", "serve"], ["account", "--help"], ["token", "verify", "--help"]])
    func `explains itself on standard output`(arguments: [String]) throws {
        let output = try Lanyard.run(arguments, in: TemporaryFolder())
        #expect(output.ending == .exit(0))
        #expect(output.standardOutput.contains("USAGE"))
        #expect(output.standardError == "")
    }

    @Test(arguments: [
        ["nonsense"], ["--nonsense"], ["serve", "--nonsense"], ["serve", "extra"], ["serve", "--listen"],
        ["health", "--url"], ["token"], ["config", "nonsense"],
    ])
    func `refuses what it does not know`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let output = try Lanyard.run(arguments, in: folder)
        #expect(output.ending == .exit(64), "\(output)")
        #expect(!folder.contains("data"))
    }

    @Test func `asks a server how it is`() throws {
        let server = try RunningLanyard()
        let well = try server.run(["health", "--url", server.url])
        #expect(well.ending == .exit(0), "\(well.standardError)")
        #expect(try server.run(["health", "--url", "http://127.0.0.1:\(server.managementPort)"]).ending == .exit(0))
        try server.stop()
        try expectRefusal(try server.run(["health", "--url", server.url]), 1)
    }

    @Test func `asks the first listener of the settings how it is`() throws {
        let server = try RunningLanyard()
        let settings = ["LANYARD_HTTP_LISTEN": "127.0.0.1:\(server.port)"]
        #expect(try server.run(["health"], settings: settings).ending == .exit(0))
    }
}
