// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@Suite struct `Without a descriptor left` {
    private static let ask = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `the server goes on for those who are there, and takes in the others when it can`() throws {
        let server = try RunningLanyard(["--dev"])
        let served = try RawConnection(port: server.port)
        try served.send(Self.ask)
        #expect(try served.reply().status == 200)
        // The store opens its connections when they are first needed: all of them before anything is counted.
        for _ in 0..<8 { #expect(try server.logIn("alice", RunningLanyard.alicesPassword).status == 200) }
        let before = try server.descriptorCount
        try server.limitDescriptors(to: before + 8)
        var crowd = try (0..<100).map { _ in try RawConnection(port: server.port) }
        try Deadline.usual.poll { try server.descriptorCount >= before + 6 }

        let ticks = try server.processorTicks
        let start = ContinuousClock.now
        while ContinuousClock.now < start + .seconds(2) {
            try served.send(Self.ask)
            #expect(try served.reply().status == 200)
            usleep(20_000)
        }
        let seconds = Double(try server.processorTicks - ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
        // A loop that spins takes all the time of a processor; this many requests and refusals take next to none.
        #expect(seconds < 1, "\(seconds) s of 2 s")

        let refused = try crowd.filter { connection in
            guard let reply = try? connection.reply(by: .after(.milliseconds(1))) else { return false }
            try expectProblem(reply, 503, "overloaded")
            #expect(reply["connection"] == "close")
            return true
        }
        #expect(refused.count < crowd.count)
        crowd.removeAll()
        Deadline.usual.poll { (try? server.get("/livez"))?.status == 200 }
        for _ in 0..<20 { #expect(try server.get("/livez").status == 200) }
        #expect(try server.descriptorCount(fallenTo: before) <= before)
        try served.send(Self.ask)
        #expect(try served.reply().status == 200)
    }
}
