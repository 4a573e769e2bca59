// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// As many connections as the server admits by default.
@Suite struct `Ten thousand connections` {
    @Test(
        .enabled(if: Thoroughness.isFull, "it takes long; see Scripts/test --full"),
        .enabled(if: Descriptors.limit >= 10_500, Descriptors.comment))
    func `stay open and are answered again, and leave nothing behind`() throws {
        let server = try RunningLanyard(settings: ["LANYARD_HTTP_MAX_CONNECTIONS_PER_IP": "10000"])
        let request = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(try server.get("/livez").status == 200)
        let (descriptors, memory) = (try server.descriptorCount, try server.residentKiB)
        var connections: [RawConnection] = []
        for _ in 0..<10_000 {
            let connection = try RawConnection(port: server.port)
            try connection.send(request)
            connections.append(connection)
        }
        for connection in connections { #expect(try connection.reply().status == 200) }
        #expect(try server.descriptorCount >= descriptors + 10_000)
        let growth = try server.residentKiB - memory
        #expect(growth < 10_000 * 16, "\(growth) KiB for ten thousand idle connections")
        for connection in connections { try connection.send(request) }
        for connection in connections { #expect(try connection.reply().status == 200) }
        connections = []
        #expect(try server.descriptorCount(fallenTo: descriptors) <= descriptors)
        #expect(try server.stop() == .exit(0))
    }
}
