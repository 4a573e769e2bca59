// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import LanyardHTTP
import TestSupport
import Testing

/// What a server with as many connections as it may have does for one more.
@Suite struct `A full server` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let hello = ScriptedHandler { _, _ in .respond(Response(text: "hello")) }

    private func full(
        _ maxConnections: Int, loops: Int = 1, at addresses: [String] = ["127.0.0.1:0"],
        _ configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        try RunningServer(Self.hello, loops: loops, at: addresses) { configuration in
            configuration.maxConnections = maxConnections
            configure(&configuration)
        }
    }

    /// A connection that has been answered once.
    private func used(_ running: RunningServer) throws -> RawClient {
        let client = try running.connect()
        try expectServed(client)
        return client
    }

    private func expectServed(_ client: RawClient) throws {
        try client.send(Self.request)
        #expect(try client.readResponse().status == 200)
    }

    @Test func `closes the longest idle connection`() throws {
        let running = try full(3)
        let clients = try (0..<3).map { _ in try used(running) }
        try expectServed(clients[0])
        let new = try used(running)
        #expect(try clients[1].readToEnd() == [])
        for client in [clients[0], clients[2], new] { try expectServed(client) }
    }

    @Test func `closes one that never sent a byte before all others`() throws {
        let running = try full(3)
        let old = try used(running)
        let silent = try running.connect()
        #expect(eventually { running.server.connectionCount == 2 })
        let late = try used(running)
        let new = try used(running)
        #expect(try silent.readToEnd() == [])
        for client in [old, late, new] { try expectServed(client) }
    }

    @Test(arguments: ["G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na"])
    func `keeps one with half a request, and answers 503`(half: String) throws {
        let running = try full(1)
        let busy = try used(running)
        try busy.send(half)
        let held = try running.connect()
        let response = try held.readResponse()
        #expect(response.status == 503)
        #expect(response.closes)
        #expect(try held.readToEnd() == [])
        #expect(!busy.hasSomething(within: 0))
    }

    @Test func `keeps one whose answer is awaited`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(
            ScriptedHandler { _, ticket in
                tickets.put(ticket)
                return .pending
            }, loops: 1, configure: { $0.maxConnections = 1 })
        let busy = try running.connect()
        try busy.send(Self.request)
        let ticket = try tickets.next()
        #expect(try running.connect().readResponse().status == 503)
        ticket.complete(with: .response(Response(text: "done")))
        #expect(try busy.readResponse().text == "done")
    }

    @Test func `closes those of trusted proxies last`() throws {
        let path = "/tmp/lanyard-eviction-\(getpid())"
        let running = try full(2, at: ["127.0.0.1:0", "unix:\(path)"])
        let proxy = try RawClient(to: .unix(path: path))
        try expectServed(proxy)
        let stranger = try used(running)
        let new = try used(running)
        #expect(try stranger.readToEnd() == [])
        try expectServed(proxy)
        try new.send("GET")
        // Nobody else is idle.
        let last = try used(running)
        #expect(try proxy.readToEnd() == [])
        try expectServed(last)
    }

    @Test func `never closes one with bytes that it has not read`() throws {
        let goOn = DispatchSemaphore(value: 0)
        let running = try RunningServer(
            ScriptedHandler { request, ticket in
                guard request.path == "/hold" else { return .respond(Response(text: "hello")) }
                ticket.complete(
                    with: .work {
                        _ = goOn.wait(timeout: .now() + .seconds(20))
                        return Response(text: "held")
                    })
                return .pending
            }, loops: 1, configure: { $0.maxConnections = 3 })
        let holding = try running.connect()
        let oldest = try used(running)
        let other = try used(running)
        try holding.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        // The loop may still be on its way into the work; then it meets what follows before, which is right too.
        let new = try running.connect()
        try oldest.send(Self.request)
        goOn.signal()
        #expect(try oldest.readResponse().status == 200)
        try expectServed(new)
        #expect(try other.readToEnd() == [])
        #expect(try holding.readResponse().text == "held")
    }

    @Test func `makes room on whichever loop has an idle connection`() throws {
        let running = try full(6, loops: 4)
        var clients: [RawClient] = []
        for _ in 0..<60 {
            clients.append(try used(running))
            // What another loop was asked for is done before the next comes.
            #expect(eventually { running.server.connectionCount <= 6 })
        }
        #expect(clients[..<54].allSatisfy { $0.hasSomething(within: RawClient.patience) })
        for client in clients[54...] { try expectServed(client) }
    }

    @Test func `says goodbye under TLS`() throws {
        let certificate = `Servers that speak TLS`.certificate
        let context = try TLSServerContext(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
        let running = try full(1) { $0.tls = context }
        let first = try SecureClient(over: running.connect())
        try first.send(Self.request)
        _ = try first.read(15)
        let second = try SecureClient(over: running.connect())
        try second.send(Self.request)
        #expect(try second.read(15) == "HTTP/1.1 200 OK")
        _ = try first.readToEnd()
        #expect(first.peer.hasEnded)
    }

    @Test func `closes nobody for a client with as many connections as it may have`() throws {
        let running = try full(10) { $0.maxConnectionsPerIP = 2 }
        let clients = [try used(running), try used(running)]
        #expect(try running.connect().readResponse().status == 503)
        for client in clients { try expectServed(client) }
    }

    @Test func `serves a new client beside a thousand that say nothing`() throws {
        let running = try full(100, loops: 2) { $0.maxConnectionsPerIP = 2_000 }
        let silent = try (0..<1_000).map { _ in try running.connect() }
        try withExtendedLifetime(silent) {
            for _ in 0..<5 { _ = try used(running) }
        }
    }
}

/// The time that a client has until its first request is whole.
@Suite struct `The first request of a connection` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let hello = ScriptedHandler { _, _ in .respond(Response(text: "hello")) }

    @Test func `is waited for as long as for a head, not as long as for a further one`() throws {
        let running = try RunningServer(Self.hello) {
            $0.headerTimeout = .milliseconds(500)
            $0.idleTimeout = .seconds(3_600)
        }
        let used = try running.connect()
        try used.send(Self.request)
        #expect(try used.readResponse().status == 200)
        let silent = try running.connect()
        #expect(try silent.readToEnd() == [])
        try used.send(Self.request)
        #expect(try used.readResponse().status == 200)
    }

    @Test func `has its time from the moment that the connection is accepted`() throws {
        let finished = Inbox<String>()
        let running = try RunningServer(Self.hello, loops: 1) {
            $0.headerTimeout = .seconds(2)
            $0.onFinish = { finished.put("\($0.id)") }
        }
        let early = try running.connect()
        #expect(eventually { running.server.connectionCount == 1 })
        let start = DispatchTime.now()
        #expect(eventually { DispatchTime.now() > start + .milliseconds(500) })
        let late = try running.connect()
        try late.send("GET")
        #expect(eventually { DispatchTime.now() > start + .milliseconds(1_000) })
        // Its first byte comes last, and its time is over first.
        try early.send("GET")
        let answers = [try early.readResponse(), try late.readResponse()]
        #expect(answers.map(\.status) == [408, 408])
        let inOrder = [try finished.next(), try finished.next()]
        #expect(answers.map { $0["x-request-id"] } == inOrder)
    }
}
