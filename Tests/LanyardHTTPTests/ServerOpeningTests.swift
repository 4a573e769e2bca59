// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Server connections behind a proxy` {
    /// Answers with where the request came from.
    static let whoami = ScriptedHandler { request, _ in .respond(Response(text: "\(request.context.peer)")) }
    static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    static let line = "PROXY TCP4 203.0.113.7 10.0.0.1 4711 80\r\n"

    private func running(_ configure: (inout ServerConfiguration) -> Void = { _ in }) throws -> RunningServer {
        try RunningServer(Self.whoami) { configuration in
            configuration.requiresProxyHeader = { _ in true }
            configure(&configuration)
        }
    }

    @Test func `are those of the client that the header names`() throws {
        let running = try running()
        let client = try running.connect()
        try client.send(Self.line + Self.request + Self.request)
        #expect(try client.readResponse().text == "203.0.113.7")
        #expect(try client.readResponse().text == "203.0.113.7")
    }

    @Test func `may send the header byte by byte`() throws {
        let running = try running()
        let client = try running.connect()
        for byte in (Self.line + Self.request).utf8 { try client.send([byte]) }
        #expect(try client.readResponse().text == "203.0.113.7")
    }

    @Test func `speak for themselves when the header says so`() throws {
        let running = try running()
        let client = try running.connect()
        try client.send("PROXY UNKNOWN\r\n" + Self.request)
        #expect(try client.readResponse().text == "127.0.0.1")
    }

    @Test(arguments: [request, "PROXY TCP4 nonsense\r\n" + request, "\r\n\r\n", "\u{16}\u{3}\u{1}"])
    func `are cut off without a word when the header is missing or malformed`(bytes: String) throws {
        let running = try running()
        let client = try running.connect()
        try client.send(bytes)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `are cut off when the header does not come`() throws {
        let running = try running { $0.handshakeTimeout = .milliseconds(100) }
        let client = try running.connect()
        try client.send("PROXY TCP4 ")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `have their 503 behind the header`() throws {
        let running = try running { $0.maxConnections = 1 }
        let first = try running.connect()
        try first.send(Self.line + Self.request + "GET")
        #expect(try first.readResponse().status == 200)
        let second = try running.connect()
        #expect(!second.hasSomething(within: 50))
        try second.send(Self.line)
        #expect(try second.readResponse().status == 503)
    }

    @Test func `are known to be announced`() throws {
        let handler = ScriptedHandler { request, _ in .respond(Response(text: "\(request.context.isAnnounced)")) }
        for (isRequired, bytes) in [(true, "PROXY UNKNOWN\r\n"), (false, "")] {
            let running = try RunningServer(handler) { $0.requiresProxyHeader = { _ in isRequired } }
            let client = try running.connect()
            try client.send(bytes + Self.request)
            #expect(try client.readResponse().text == "\(isRequired)")
        }
    }

    @Test func `are not counted by the proxy's address`() throws {
        let running = try running { $0.maxConnectionsPerIP = 1 }
        let clients = try (0..<3).map { _ in try running.connect() }
        for client in clients {
            try client.send(Self.line + Self.request)
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func `are read as they come where no header is required`() throws {
        let running = try RunningServer(Self.whoami)
        let client = try running.connect()
        try client.send(Self.line + Self.request)
        #expect(try client.readResponse().status == 400)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `that have not spoken do not hold up a drain`() throws {
        let running = try running {
            $0.firstRequestPatience = .milliseconds(50)
            $0.handshakeTimeout = .seconds(3_600)
            $0.drainTimeout = .seconds(3_600)
        }
        let client = try running.connect()
        let ended = Inbox<Bool>()
        running.server.drain { ended.put(true) }
        #expect(try ended.next())
        #expect(try client.readToEnd().isEmpty)
    }
}
