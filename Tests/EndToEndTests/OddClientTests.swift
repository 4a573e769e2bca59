// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Clients that do what none should: the server goes on, complains of nothing, and keeps nothing of theirs.
@Suite(
    .serialized,
    .server("--dev", settings: ["LANYARD_LOG_FORMAT": "json", "LANYARD_HTTP_MAX_CONNECTIONS_PER_IP": "10000"]))
struct `An odd client` {
    let server: RunningLanyard
    private static let ask = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let jwks = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n"

    init() throws {
        server = try .shared()
    }

    /// Does something odd, and looks at the server afterwards.
    private func expectUnharmed(by oddity: () throws -> Void) throws {
        #expect(try server.get("/livez").status == 200)
        // The store opens its readers when they are first needed.
        let before = try server.descriptorCount + 4
        try oddity()
        #expect(try server.get("/livez").status == 200)
        #expect(try server.get("/.well-known/jwks.json").status == 200)
        let after = try server.descriptorCount(fallenTo: before)
        #expect(after <= before, "descriptors are left")
        let log = server.process.standardError.lines
        #expect(!log.contains { $0.contains(#""level":"error""#) || $0.contains(#""level":"warning""#) }, "\(log)")
    }

    @Test func `that cuts the connection off in the middle of an answer does no harm`() throws {
        try expectUnharmed {
            for bytes in [Self.jwks, String(repeating: Self.jwks, count: 2_000)] {
                for _ in 0..<50 {
                    let connection = try RawConnection(port: server.port, receiveBuffer: 4_096)
                    try? connection.send(bytes)
                    connection.cutOff()
                }
            }
        }
    }

    @Test func `that cuts the connection off in its login does no harm`() throws {
        let body = #"{"username":"alice","password":"correct horse battery staple"}"#
        try expectUnharmed {
            for _ in 0..<20 {
                let connection = try RawConnection(port: server.port)
                try connection.send(
                    "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                connection.cutOff()
            }
            // Behind the others in the queue, so that it is answered when they are.
            var status = 0
            try Deadline.usual.poll {
                status = try server.logIn("alice", RunningLanyard.alicesPassword).status
                return status == 200
            }
            #expect(status == 200)
        }
    }

    @Test func `that says that it sends no more gets its answers`() throws {
        try expectUnharmed {
            let connection = try RawConnection(port: server.port)
            try connection.send(Self.ask + Self.jwks + Self.ask)
            connection.endSending()
            for _ in 0..<3 { #expect(try connection.reply().status == 200) }
            #expect(try connection.bytesUntilClosed().isEmpty)
            #expect(!connection.wasReset)

            let half = try RawConnection(port: server.port)
            try half.send(String(Self.ask.prefix(20)))
            half.endSending()
            #expect(try half.reply().status == 400)
            #expect(try half.bytesUntilClosed().isEmpty)
        }
    }

    @Test func `that sends byte by byte gets its answer`() throws {
        try expectUnharmed {
            let connection = try RawConnection(port: server.port)
            for byte in (Self.ask + Self.jwks).utf8 { try connection.send([byte]) }
            for _ in 0..<2 { #expect(try connection.reply().status == 200) }
        }
    }

    @Test func `that asks for 64 KiB of answers at once gets all of them`() throws {
        try expectUnharmed {
            let connection = try RawConnection(port: server.port)
            let count = 65_536 / Self.ask.utf8.count
            try connection.send(String(repeating: Self.ask, count: count))
            for _ in 0..<count { #expect(try connection.reply().status == 200) }
        }
    }

    @Test func `that asks ten thousand times on one connection gets all answers`() throws {
        try expectUnharmed {
            let connection = try RawConnection(port: server.port)
            for _ in 0..<10_000 {
                try connection.send(Self.ask)
                guard try connection.reply().status == 200 else { throw Failure("not answered") }
            }
        }
    }

    @Test func `that never reads is not answered without end`() throws {
        try expectUnharmed {
            let memory = try server.residentKiB
            let connections = try (0..<20).map { _ in try RawConnection(port: server.port, receiveBuffer: 4_096) }
            // Each is answered as long as the system has room; then its requests stay unread.
            let flood = Array(String(repeating: Self.jwks, count: 20_000).utf8)
            for connection in connections { try connection.sendWhatFits(flood) }
            #expect(try server.get("/livez").status == 200)
            #expect(try server.residentKiB < memory + 20 * 512, "more than 512 KiB a connection")
        }
    }

    @Test(arguments: 0..<4)
    func `that sends garbage is refused or left`(seed: Int) throws {
        try expectUnharmed {
            for _ in 0..<50 {
                let connection = try RawConnection(port: server.port)
                let garbage = (0..<Int.random(in: 1...20_000)).map { _ in UInt8.random(in: 0...255) }
                try? connection.send(garbage)
                connection.endSending()
                let answer = String(decoding: try connection.bytesUntilClosed(), as: UTF8.self)
                #expect(answer.hasPrefix("HTTP/1.1 4") || answer.isEmpty && garbage.count < 5, "\(answer)")
            }
        }
    }

    @Test func `that speaks TLS to a port without it is refused`() throws {
        // The record and the beginning of a ClientHello of TLS 1.3 (RFC 8446 §4.1.2).
        let hello: [UInt8] = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3] + [UInt8](repeating: 7, count: 194)
        try expectUnharmed {
            let connection = try RawConnection(port: server.port)
            try connection.send(hello)
            #expect(try connection.reply().status == 400)
            #expect(try connection.bytesUntilClosed().isEmpty)
        }
    }

    @Test func `that connects and leaves two thousand times does no harm`() throws {
        try expectUnharmed {
            for number in 0..<2_000 {
                let connection = try RawConnection(port: server.port)
                if number % 2 == 0 { connection.cutOff() }
            }
        }
    }

    @Test(.enabled(if: Descriptors.limit >= 12_000, Descriptors.comment))
    func `that comes five thousand times at once costs nothing when it is gone`() throws {
        try expectUnharmed {
            func wave() throws {
                var connections: [RawConnection] = []
                for _ in 0..<5_000 {
                    let connection = try RawConnection(port: server.port)
                    try connection.send(Self.jwks)
                    connections.append(connection)
                }
                for connection in connections { #expect(try connection.reply().status == 200) }
            }
            let before = try server.descriptorCount
            try wave()
            _ = try server.descriptorCount(fallenTo: before)
            let first = try server.residentKiB
            for _ in 0..<3 { try wave() }
            _ = try server.descriptorCount(fallenTo: before)
            // The first wave makes the tables as large as they ever have to be.
            #expect(try server.residentKiB < first + first / 4)
        }
    }
}
