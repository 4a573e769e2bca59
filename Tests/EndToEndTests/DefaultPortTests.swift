// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The tests that need the ports of the contract, one after the other.
@Suite(.serialized)
struct `The default ports` {
    @Test(.enabled(if: DefaultPorts.areFree, "ports 8080 and 8081 are free"))
    func `are those of the contract`() throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(Lanyard.invocation(["serve"], in: folder))
        defer { process.send(SIGKILL) }
        let lines = process.standardOutput.lines(by: .usual) { $0.count == 2 }
        #expect(
            lines == [
                "lanyard: listening on http://127.0.0.1:8080", "lanyard: management on http://127.0.0.1:8081",
            ], "\(process.standardError.text)")
        #expect(try Lanyard.run(["health"], in: folder).ending == .exit(0))
        process.send(SIGINT)
        #expect(try process.waitForEnd() == .exit(0))
        #expect(try Lanyard.run(["health"], in: folder).ending == .exit(1))
    }

    @Test(.enabled(if: DefaultPorts.areFree, "ports 8080 and 8081 are free"))
    func `are both loopback addresses for developers`() throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(Lanyard.invocation(["serve", "--dev"], in: folder))
        defer { process.send(SIGKILL) }
        let lines = process.standardOutput.lines(by: .usual) { $0.contains { $0.contains("management") } } ?? []
        #expect(lines.contains("lanyard: listening on http://127.0.0.1:8080"), "\(process.standardError.text)")
        if DefaultPorts.hasIPv6 {
            #expect(lines.contains("lanyard: listening on http://[::1]:8080"))
        }
        let connection = try RawConnection(port: 8080)
        try connection.send("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n")
        #expect(try JSONObject(try connection.reply().body).string("issuer") == "http://localhost:8080")
        process.send(SIGTERM)
        #expect(try process.waitForEnd() == .exit(0))
    }
}
