// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Server limits` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let hello = ScriptedHandler(limitBytes: 16) { _, _ in .respond(Response(text: "hello")) }

    @Test(arguments: [
        "GET", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
    ])
    func `answer 408 to a request that does not come to its end`(part: String) throws {
        let running = try RunningServer(Self.hello) {
            $0.headerTimeout = .milliseconds(100)
            $0.bodyTimeout = .milliseconds(100)
        }
        let client = try running.connect()
        try client.send(Self.request + part)
        #expect(try client.readResponse().status == 200)
        let response = try client.readResponse()
        #expect(response.status == 408)
        #expect(response.text == "\(RequestError.timedOut)")
        #expect(response.closes)
        #expect(try client.readToEnd() == [])
    }

    @Test func `count the time of a head from its first byte, whatever trickles in`() throws {
        let running = try RunningServer(Self.hello) { $0.headerTimeout = .milliseconds(200) }
        let client = try running.connect()
        try client.send("GET /")
        #expect(try client.trickle("a") < 500, "each byte moved the deadline")
        #expect(try client.readResponse().status == 408)
    }

    @Test func `close an idle connection in silence`() throws {
        let running = try RunningServer(Self.hello) {
            $0.idleTimeout = .seconds(1)
            $0.headerTimeout = .seconds(1)
        }
        let used = try running.connect()
        try used.send(Self.request)
        let fresh = try running.connect()
        #expect(try used.readResponse().status == 200)
        #expect(try fresh.readToEnd() == [])
        #expect(try used.readToEnd() == [])
    }

    @Test func `answer 413 though the client goes on sending`() throws {
        let running = try RunningServer(Self.hello)
        let client = try running.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
        for _ in 0..<300 { try client.send([UInt8](repeating: 0x61, count: 10_000)) }
        let response = try client.readResponse()
        #expect(response.status == 413)
        #expect(response.text == "\(RequestError.bodyTooLarge(limitBytes: 16))")
        #expect(try client.readToEnd() == [])
    }

    @Test func `stop reading a refused client after a number of bytes`() throws {
        let running = try RunningServer(Self.hello) { configuration in
            configuration.lingerBytes = 100_000
            configuration.lingerTimeout = .seconds(3_600)
        }
        let client = try running.connect()
        try client.send("nonsense\r\n\r\n")
        #expect(throws: RawClient.Failure.reset) {
            for _ in 0..<10_000 { try client.send([UInt8](repeating: 0x61, count: 10_000)) }
        }
        #expect(eventually { running.server.connectionCount == 0 })
    }

    @Test func `stop waiting for the end of a refused client after a time`() throws {
        let running = try RunningServer(Self.hello) { $0.lingerTimeout = .milliseconds(50) }
        let client = try running.connect()
        try client.send("nonsense\r\n\r\n")
        #expect(try client.readResponse().status == 400)
        #expect(eventually { running.server.connectionCount == 0 })
    }

    @Test func `deliver large answers to a reader with the smallest window`() throws {
        let size = 300_000
        let running = try RunningServer(
            ScriptedHandler { request, _ in
                let letter = request.path.utf8.last ?? 0
                return .respond(Response(status: 200, body: [UInt8](repeating: letter, count: size)))
            })
        let client = try running.connect(receiveBuffer: 1)
        try client.send("abcdef".map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for letter in "abcdef".utf8 {
            let response = try client.readResponse()
            #expect(
                response.body.count == size && response.body.allSatisfy { $0 == letter }, "not the answer to /\(letter)"
            )
        }
    }

    @Test func `cut off a client that does not read`() throws {
        let running = try RunningServer(
            ScriptedHandler { _, _ in
                .respond(Response(status: 200, body: [UInt8](repeating: 0x61, count: 20_000_000)))
            }, configure: { $0.writeTimeout = .milliseconds(100) })
        let client = try running.connect(receiveBuffer: 1)
        try client.send(Self.request)
        #expect(client.hasSomething(within: RawClient.patience))
        #expect(eventually { running.server.connectionCount == 0 })
        #expect(throws: RawClient.Failure.reset) { try client.readToEnd().count }
    }

    @Test func `cut off a client that reads less than it must`() throws {
        let running = try RunningServer(
            ScriptedHandler { _, _ in
                .respond(Response(status: 200, body: [UInt8](repeating: 0x61, count: 20_000_000)))
            },
            configure: {
                $0.writeTimeout = .milliseconds(100)
                $0.writeQuantum = 1_000_000_000
            })
        let client = try running.connect(receiveBuffer: 1)
        try client.send(Self.request)
        #expect(throws: RawClient.Failure.reset) { try client.readToEnd().count }
    }

    @Test func `answer 503 to one connection too many`() throws {
        let running = try RunningServer(Self.hello) { $0.maxConnections = 2 }
        try expectThirdRefused(by: running)
    }

    @Test func `answer 503 to one connection too many of one address`() throws {
        let running = try RunningServer(Self.hello) { $0.maxConnectionsPerIP = 2 }
        try expectThirdRefused(by: running)
    }

    private func expectThirdRefused(by running: RunningServer) throws {
        let first = try running.connect()
        let second = try running.connect()
        for client in [first, second] {
            // With half a request it is not idle.
            try client.send(Self.request + "GET / HTTP/1.1\r\n")
            #expect(try client.readResponse().status == 200)
        }
        let third = try running.connect()
        let response = try third.readResponse()
        #expect(response.status == 503)
        #expect(response.text == "\(RequestError.tooManyConnections)")
        #expect(response.closes)
        #expect(try third.readToEnd() == [])
        try second.send("Host: a\r\n\r\n")
        #expect(try second.readResponse().status == 200)

        first.close()
        #expect(eventually { running.server.connectionCount == 1 })
        let fourth = try running.connect()
        try fourth.send(Self.request)
        #expect(try fourth.readResponse().status == 200)
    }

    @Test func `do not count the connections of an exempt address`() throws {
        let running = try RunningServer(Self.hello) {
            $0.maxConnectionsPerIP = 1
            $0.isExempt = { $0.isLoopback }
        }
        let clients = try (0..<5).map { _ in try running.connect() }
        for client in clients {
            try client.send(Self.request)
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func `refuse a crowd without losing an answer`() throws {
        let running = try RunningServer(Self.hello) { $0.maxConnections = 1 }
        let first = try running.connect()
        try first.send(Self.request + "GET")
        #expect(try first.readResponse().status == 200)
        let crowd = try (0..<60).map { _ in try running.connect() }
        for client in crowd { try client.send(Self.request) }
        for client in crowd {
            #expect(try client.readResponse().status == 503)
            #expect(try client.readToEnd() == [])
        }
    }

    @Test func `end a connection after its last allowed request`() throws {
        let running = try RunningServer(Self.hello) { $0.maxRequestsPerConnection = 2 }
        let client = try running.connect()
        try client.send(Self.request + Self.request + Self.request)
        #expect(try !client.readResponse().closes)
        #expect(try client.readResponse().closes)
        #expect(try client.readToEnd() == [])
    }

    @Test func `can be changed while the server runs`() throws {
        let running = try RunningServer(Self.hello)
        let client = try running.connect()
        try client.send(Self.request)
        #expect(try !client.readResponse().closes)
        var configuration = ServerConfiguration(listen: [], loops: 1)
        configuration.maxRequestsPerConnection = 1
        running.server.apply(configuration)
        #expect(
            try eventually {
                let client = try running.connect()
                try client.send(Self.request)
                return try client.readResponse().closes
            })
    }
}
