// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Limits as settings: at the limit, one beyond, and after `SIGHUP` changed it.
@Suite struct `A changed limit` {
    private static let ask = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A connection that has been answered once, and is not idle: half of its next request is sent.
    private func answered(by server: RunningLanyard) throws -> RawConnection? {
        let connection = try RawConnection(port: server.port)
        try connection.send(Self.ask + Self.ask.dropLast())
        return try connection.reply().status == 200 ? connection : nil
    }

    @Test(arguments: ["LANYARD_HTTP_MAX_CONNECTIONS", "LANYARD_HTTP_MAX_CONNECTIONS_PER_IP"])
    func `of connections holds for those that come`(setting: String) throws {
        // Half a request may take its time.
        let settings = { (limit: Int) in [setting: "\(limit)", "LANYARD_HTTP_HEADER_TIMEOUT": "1h"] }
        let server = try RunningLanyard.reloadable(["--dev"], settings(1))
        let first = try #require(try answered(by: server))
        #expect(try answered(by: server) == nil)

        try server.reload(settings(3))
        var more: [RawConnection] = []
        try Deadline.usual.poll {
            if let connection = try answered(by: server) { more.append(connection) }
            return more.count == 2
        }
        #expect(more.count == 2)
        #expect(try answered(by: server) == nil)

        try server.reload(settings(1))
        for connection in more + [first] {
            try connection.send("\r\n" + Self.ask.dropLast())
            #expect(try connection.reply().status == 200, "who is in stays in")
        }
        #expect(try answered(by: server) == nil)
    }

    @Test func `of requests ends a connection with its last answer`() throws {
        let server = try RunningLanyard.reloadable(["--dev"], ["LANYARD_HTTP_MAX_REQUESTS_PER_CONNECTION": "3"])
        let connection = try RawConnection(port: server.port)
        try connection.send(Self.ask + Self.ask + Self.ask + Self.ask)
        #expect(try connection.reply()["connection"] == nil)
        #expect(try connection.reply()["connection"] == nil)
        let last = try connection.reply()
        #expect(last.status == 200 && last["connection"] == "close")
        #expect(try connection.bytesUntilClosed().isEmpty, "the fourth is not answered")
        #expect(!connection.wasReset)

        try server.reload(["LANYARD_HTTP_MAX_REQUESTS_PER_CONNECTION": "0"])
        try Deadline.usual.poll { try answers(on: RawConnection(port: server.port), atMost: 10) == 10 }
        let endless = try RawConnection(port: server.port)
        #expect(try answers(on: endless, atMost: 10) == 10)
        try server.reload(["LANYARD_HTTP_MAX_REQUESTS_PER_CONNECTION": "20"])
        try Deadline.usual.poll { try answers(on: RawConnection(port: server.port), atMost: 21) == 20 }
        #expect(try answers(on: endless, atMost: 20) == 10, "those before count, and the connection lives")
    }

    /// Asks until the server says that it was the last, and returns how often it answered.
    private func answers(on connection: RawConnection, atMost limit: Int) throws -> Int {
        for count in 0..<limit {
            try connection.send(Self.ask)
            if try connection.reply()["connection"] == "close" { return count + 1 }
        }
        return limit
    }

    /// What a client sends and then stops, and the status of the answer.
    struct Patience: Sendable, CustomTestStringConvertible {
        let setting: String
        let bytes: String
        let status: Int

        var testDescription: String { setting }
    }

    static let patience = [
        Patience(setting: "LANYARD_HTTP_HEADER_TIMEOUT", bytes: "GET /livez HTTP/1.1\r\nHost:", status: 408),
        Patience(
            setting: "LANYARD_HTTP_BODY_TIMEOUT",
            bytes: "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
            status: 408),
        // A connection is idle behind its first request.
        Patience(setting: "LANYARD_HTTP_IDLE_TIMEOUT", bytes: ask, status: 200),
    ]

    @Test(arguments: patience)
    func `of time holds for waits that begin`(_ patience: Patience) throws {
        let server = try RunningLanyard.reloadable(["--dev"], [patience.setting: "1h"])
        let old = try RawConnection(port: server.port)
        try old.send(patience.bytes)
        _ = try answered(by: server)
        try server.reload([patience.setting: "1s"])

        // A loop takes the change between two turns; who came before it waits an hour.
        var isCut = false
        try Deadline.usual.poll {
            let new = try RawConnection(port: server.port)
            try new.send(patience.bytes)
            guard let end = try? new.bytesUntilClosed(by: .after(.seconds(10))) else { return false }
            isCut = String(decoding: end, as: UTF8.self).hasPrefix("HTTP/1.1 \(patience.status) ")
            return true
        }
        #expect(isCut)
        #expect(throws: Failure.self, "what had begun keeps its deadline") {
            _ = try old.bytesUntilClosed(by: .after(.milliseconds(100)))
        }
    }

    @Test func `of the drain holds for the drain that comes`() throws {
        let server = try RunningLanyard.reloadable(["--dev"], ["LANYARD_HTTP_DRAIN_TIMEOUT": "10m"])
        let stuck = try RawConnection(port: server.port)
        try stuck.send("GET /livez HTTP/1.1\r\n")
        #expect(try server.get("/livez").status == 200)
        try server.reload(["LANYARD_HTTP_DRAIN_TIMEOUT": "0s", "LANYARD_HTTP_DRAIN_DELAY": "1m"])
        #expect(
            process(server, says: "LANYARD_HTTP_DRAIN_DELAY"), "the delay needs a restart, and the log says so")
        #expect(try server.stop() == .exit(0))
    }

    private func process(_ server: RunningLanyard, says text: String) -> Bool {
        server.process.standardError.lines(by: .usual) { $0.contains { $0.contains(text) } } != nil
    }
}

/// Sizes of section 3 of the contract, at the limit and one byte beyond.
@Suite(.server("--dev"))
struct `The size of a request` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    private func status(of bytes: String) throws -> Int {
        let connection = try RawConnection(port: server.port)
        try connection.send(bytes)
        return try connection.reply().status
    }

    @Test(arguments: [(8_192, 404), (8_193, 414)])
    func `is limited in its first line`(size: Int, expected: Int) throws {
        let path = String(repeating: "a", count: size - "GET / HTTP/1.1".utf8.count)
        #expect(try status(of: "GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n") == expected)
    }

    @Test(arguments: [(16_384, 200), (16_385, 431)])
    func `is limited in a field line`(size: Int, expected: Int) throws {
        let value = String(repeating: "a", count: size - "X: ".utf8.count)
        #expect(try status(of: "GET /livez HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n") == expected)
    }

    @Test(arguments: [(32_768, 200), (32_769, 431)])
    func `is limited in all fields together`(size: Int, expected: Int) throws {
        // Line ends count, the empty line does not.
        let line = "X: " + String(repeating: "a", count: 8_187) + "\r\n"
        let rest = size - "Host: a\r\n".utf8.count - 3 * line.utf8.count - "Y: \r\n".utf8.count
        let last = "Y: " + String(repeating: "b", count: rest) + "\r\n"
        #expect(
            try status(of: "GET /livez HTTP/1.1\r\nHost: a\r\n\(line)\(line)\(line)\(last)\r\n") == expected)
    }

    @Test(arguments: [(100, 200), (101, 431)])
    func `is limited in the number of fields`(count: Int, expected: Int) throws {
        let fields = (1..<count).map { "X-\($0): a\r\n" }.joined()
        #expect(try status(of: "GET /livez HTTP/1.1\r\nHost: a\r\n\(fields)\r\n") == expected)
    }

    @Test(arguments: [
        ("/login", 8_192, 400), ("/login", 8_193, 413), ("/refresh", 65_536, 400), ("/refresh", 65_537, 413),
    ])
    func `is limited in its content`(target: String, size: Int, expected: Int) throws {
        // No JSON object, which is found out only where the size is right.
        let body = String(repeating: "1", count: size)
        #expect(try server.post(target, body).status == expected)
    }
}
