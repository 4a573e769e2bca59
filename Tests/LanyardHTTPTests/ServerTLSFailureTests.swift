// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

/// TLS sessions that fail behind requests that they have delivered.
@Suite struct `A TLS session that fails` {
    /// A record of application data that no session can have sealed.
    private static let brokenRecord: [UInt8] = [23, 3, 3, 0, 32] + [UInt8](repeating: 0, count: 32)

    private static func get(_ path: String) -> [UInt8] {
        Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    }

    /// A server of one loop that answers `/livez` at once, and keeps the ticket of everything else for the test.
    private static func running(_ tickets: Inbox<ExchangeTicket>) throws -> RunningServer {
        let certificate = TestCertificate()
        let context = try TLSServerContext(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
        let handler = ScriptedHandler { request, ticket in
            guard request.path != "/livez" else { return .respond(Response(text: "alive")) }
            tickets.put(ticket)
            return .pending
        }
        return try RunningServer(handler, loops: 1) { $0.tls = context }
    }

    /// Fails if the loop does not serve a client of its own.
    private static func expectServing(_ running: RunningServer) throws {
        let client = try SecureClient(over: running.connect())
        _ = client.peer.write(Self.get("/livez"))
        try client.socket.send(client.peer.output())
        guard try client.read(15) == "HTTP/1.1 200 OK" else { fatalError("not served") }
    }

    @Test func `ends its connection, not the process, with a pending request behind an immediate one`() async {
        await #expect(processExitsWith: .success) {
            let tickets = Inbox<ExchangeTicket>()
            let running = try Self.running(tickets)
            let client = try SecureClient(over: running.connect())
            _ = client.peer.write(Self.get("/livez") + Self.get("/readyz"))
            // One segment, so that one read takes the requests and meets the failure.
            try client.socket.send(client.peer.output() + Self.brokenRecord)
            _ = try client.readToEnd()
            // The loop has handled the segment; what it started is completed.
            if !tickets.isEmpty { try tickets.next().complete(with: .response(Response(text: "late"))) }
            try Self.expectServing(running)
        }
    }

    @Test(arguments: [["/livez", "/readyz"], ["/readyz"], ["/livez", "/livez", "/login"]])
    func `starts nothing that came in the same read`(paths: [String]) throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try Self.running(tickets)
        let client = try SecureClient(over: running.connect())
        for path in paths { _ = client.peer.write(Self.get(path)) }
        try client.socket.send(client.peer.output() + Self.brokenRecord)
        #expect(try client.readToEnd().isEmpty)
        #expect(client.peer.failure?.contains("alert") ?? false, "\(client.peer.failure ?? "no alert")")
        #expect(eventually { running.server.connectionCount == 0 })
        #expect(tickets.isEmpty)
    }

    @Test func `starts nothing of a request whose first half came before`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try Self.running(tickets)
        let client = try SecureClient(over: running.connect())
        let request = Self.get("/readyz")
        _ = client.peer.write(Array(request[..<10]))
        try client.socket.send(client.peer.output())
        // An answer on a later connection shows that the loop has read what came before it.
        try Self.expectServing(running)
        _ = client.peer.write(Array(request[10...]))
        try client.socket.send(client.peer.output() + Self.brokenRecord)
        #expect(try client.readToEnd().isEmpty)
        #expect(tickets.isEmpty)
    }

    @Test func `drops the answer of a request that was started before`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try Self.running(tickets)
        let client = try SecureClient(over: running.connect())
        _ = client.peer.write(Self.get("/first"))
        try client.socket.send(client.peer.output())
        let ticket = try tickets.next()
        _ = client.peer.write(Self.get("/second"))
        try client.socket.send(client.peer.output() + Self.brokenRecord)
        ticket.complete(with: .response(Response(text: "first")))
        #expect(try client.readToEnd().hasSuffix("first"))
        #expect(client.peer.failure?.contains("alert") ?? false, "\(client.peer.failure ?? "no alert")")
        #expect(tickets.isEmpty)
        try Self.expectServing(running)
    }
}
