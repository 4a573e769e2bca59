// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(
    .server(
        "--dev",
        settings: [
            "LANYARD_HTTP_HEADER_TIMEOUT": "1s", "LANYARD_HTTP_BODY_TIMEOUT": "1s", "LANYARD_HTTP_IDLE_TIMEOUT": "1s",
        ]))
struct `A slow client` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    @Test func `that does not finish a head is told so`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /livez HTTP/1.1\r\nHost:")
        let reply = try connection.reply()
        try expectProblem(reply, 408, "request_timeout")
        #expect(reply["connection"] == "close")
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    @Test func `that sends a head byte by byte gains no time`() throws {
        let connection = try RawConnection(port: server.port)
        let start = "GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: "
        try connection.send(start)
        let deadline = Deadline.usual
        var isClosed = false
        deadline.poll {
            isClosed = (try? connection.send("a")) == nil
            return isClosed
        }
        #expect(isClosed)
    }

    @Test func `that does not finish its content is told so`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
        try expectProblem(try connection.reply(), 408, "request_timeout")
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    @Test func `that sends nothing is left without a word`() throws {
        let connection = try RawConnection(port: server.port)
        #expect(try connection.bytesUntilClosed().isEmpty)
        let second = try RawConnection(port: server.port)
        try second.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try second.reply().status == 200)
        #expect(try second.bytesUntilClosed().isEmpty)
    }

    @Test func `does not keep the others waiting`() throws {
        let slow = try (0..<200).map { _ in try RawConnection(port: server.port) }
        for connection in slow { try connection.send("POST /login HTTP/1.1\r\nHost: a\r\n") }
        let reply = try withExtendedLifetime(slow) { try server.logIn("alice", RunningLanyard.alicesPassword) }
        #expect(reply.status == 200)
    }
}

@Suite struct `Too many connections` {
    @Test(arguments: ["LANYARD_HTTP_MAX_CONNECTIONS", "LANYARD_HTTP_MAX_CONNECTIONS_PER_IP"])
    func `are answered in full and closed`(setting: String) throws {
        let server = try RunningLanyard(settings: [setting: "2", "LANYARD_HTTP_HEADER_TIMEOUT": "1h"])
        var kept: [RawConnection] = []
        for _ in 0..<2 {
            let connection = try RawConnection(port: server.port)
            // With half a request it is not idle, and is not closed for another.
            try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\n")
            #expect(try connection.reply().status == 200)
            kept.append(connection)
        }
        let over = try RawConnection(port: server.port)
        try over.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        let reply = try over.reply()
        try expectProblem(reply, 503, "overloaded")
        #expect(reply["retry-after"].flatMap { Int($0) } != nil)
        #expect(try over.bytesUntilClosed().isEmpty)

        try kept[0].send("Host: a\r\n\r\n")
        #expect(try kept[0].reply().status == 200, "those who were there stay")
        kept.removeAll()
        try Deadline.usual.poll { try server.statusOrRefusal("/livez") == 200 }
        #expect(try server.get("/livez").status == 200, "a place that was left is free again")
    }

    @Test func `are refused a hash when the queue is full`() throws {
        let settings = [
            "LANYARD_PASSWORDS_LANES": "1", "LANYARD_PASSWORDS_QUEUE": "0", "LANYARD_PASSWORDS_MEMORY": "64MiB",
            "LANYARD_PASSWORDS_ITERATIONS": "20",
        ]
        let server = try RunningLanyard(["--dev"], settings: settings)
        let connections = try (0..<4).map { _ in try RawConnection(port: server.port) }
        let body = #"{"username":"alice","password":"correct horse battery staple"}"#
        for connection in connections {
            try connection.send(
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        let replies = try connections.map { try $0.reply() }
        #expect(replies.contains { $0.status == 200 })
        #expect(replies.contains { $0.status == 503 })
        for reply in replies where reply.status != 200 {
            try expectProblem(reply, 503, "overloaded")
            #expect(reply["retry-after"].flatMap { Int($0) } != nil)
        }
        #expect(try server.get("/readyz").status == 200)
    }
}

extension RunningLanyard {
    /// The status of a resource; `nil` while the server closes without an answer.
    fileprivate func statusOrRefusal(_ target: String) throws -> Int? {
        (try? get(target))?.status
    }
}
