// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// What the server does with the limit on file descriptors that it was started with.
@Suite struct `The limit on file descriptors` {
    private static let ask = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"

    /// The soft and the hard limit of the server (proc(5)).
    private func limits(of server: RunningLanyard) throws -> [Substring] {
        let text = String(
            decoding: try TemporaryFolder.bytes(at: "/proc/\(server.process.processID)/limits"), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        return Array(line.split(separator: " ").dropFirst(3).prefix(2))
    }

    @Test func `is raised as far as it may be`() throws {
        let server = try RunningLanyard(after: "ulimit -Sn 64; ulimit -Hn 2048")
        #expect(try limits(of: server) == ["2048", "2048"])
    }

    @Test func `lowers the number of connections to what fits, and the server says so`() throws {
        let server = try RunningLanyard(after: "ulimit -n 1024")
        let lines = try #require(
            server.process.standardError.lines(by: .usual) { $0.contains { $0.contains("connections_lowered") } })
        let line = try JSONObject(try #require(lines.first { $0.contains("connections_lowered") }))
        #expect(try line.string("setting") == "LANYARD_HTTP_MAX_CONNECTIONS")
        #expect(try line.string("level") == "warning")
        let roomy = try RunningLanyard(
            settings: ["LANYARD_HTTP_MAX_CONNECTIONS": "100"], after: "ulimit -n 1024")
        #expect(try roomy.get("/livez").status == 200)
        #expect(!roomy.process.standardError.text.contains("connections_lowered"))
    }

    @Test(.enabled(if: Descriptors.limit >= 4_096, Descriptors.comment))
    func `is not used up by clients that say nothing`() throws {
        let settings = ["LANYARD_HTTP_MAX_CONNECTIONS_PER_IP": "5000", "LANYARD_HTTP_HEADER_TIMEOUT": "1h"]
        let server = try RunningLanyard(["--dev"], settings: settings, after: "ulimit -n 1024")
        var silent: [RawConnection] = []
        for _ in 0..<1_500 { silent.append(try RawConnection(port: server.port)) }
        try withExtendedLifetime(silent) {
            let other = try RawConnection(port: server.port, from: .loopback(port: 0, host: 2))
            try other.send(Self.ask)
            #expect(try other.reply().status == 200)
            #expect(try server.get("/readyz", from: .management).status == 200)
            #expect(try server.logIn("alice", RunningLanyard.alicesPassword).status == 200)
            #expect(try server.descriptorCount < 1_000)
        }
    }

    @Test(.enabled(if: Descriptors.limit >= 4_096, Descriptors.comment))
    func `is not used up by a thousand clients of one address, with the settings as they are`() throws {
        let server = try RunningLanyard(["--dev"], after: "ulimit -Sn 1024")
        let silent = try (0..<1_000).map { _ in try RawConnection(port: server.port) }
        try withExtendedLifetime(silent) {
            let other = try RawConnection(port: server.port, from: .loopback(port: 0, host: 2))
            try other.send(Self.ask)
            #expect(try other.reply().status == 200)
            #expect(try server.get("/readyz", from: .management).status == 200)
        }
    }
}
