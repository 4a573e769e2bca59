// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Descriptors 0 to 2, which a program can be started without.
@Suite struct `Started without a standard stream` {
    @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    func `the server puts nothing of its own in its place`(closing: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "s")
        var invocation = Lanyard.invocation(
            ["serve", "--dev", "--listen", "unix:\(file)"],
            settings: ["LANYARD_ISSUER": "http://localhost", "LANYARD_MANAGEMENT_LISTEN": "off"], in: folder)
        invocation.arguments = ["-c", "exec \"$0\" \"$@\" \(closing)", invocation.executable] + invocation.arguments
        invocation.executable = "/bin/sh"
        let server = try ChildProcess(invocation)
        defer { server.send(SIGKILL) }
        // Before the last sleep of a start there is no file, and no answer on one that is there.
        var status: Int?
        Deadline.usual.poll {
            guard let connection = try? RawConnection(path: file) else { return false }
            try? connection.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            status = try? connection.reply().status
            return status == 200
        }
        #expect(status == 200)
        let names = ["<&-": ["0"], ">&-": ["1"], "2>&-": ["2"]][closing] ?? ["0", "1", "2"]
        for name in names {
            let target = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(server.processID)/fd/\(name)")
            #expect(target == "/dev/null", "descriptor \(name)")
        }
        server.send(SIGTERM)
        // It answers before it takes its signals over.
        let ending = try server.waitForEnd()
        #expect(ending == .exit(0) || ending == .signal(SIGTERM))
    }
}
