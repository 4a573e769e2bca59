// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Servers that speak TLS` {
    static let certificate = TestCertificate()
    /// Answers with the path alone, after a length that tells where the answer ends.
    static let echo = ScriptedHandler { request, _ in
        .respond(Response(text: request.path + String(decoding: request.body, as: UTF8.self)))
    }

    private static func context(_ certificate: TestCertificate = certificate) throws -> TLSServerContext {
        try TLSServerContext(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
    }

    private func running(
        _ handler: any RequestHandler = echo, _ configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        let context = try Self.context()
        return try RunningServer(handler) { configuration in
            configuration.tls = context
            configure(&configuration)
        }
    }

    private func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test(arguments: [(0x0303, "TLSv1.2"), (0x0304, "TLSv1.3")] as [(Int32, String)])
    func `answer requests, one after the other and several at once`(version: Int32, name: String) throws {
        var abilities = TLSTestPeer.Abilities()
        (abilities.lowest, abilities.highest) = (version, version)
        let running = try running()
        let client = try SecureClient(over: running.connect(), abilities)
        #expect(client.peer.version == name)
        try client.send(get("/1"))
        #expect(try client.read(15) == "HTTP/1.1 200 OK")
        try client.send(get("/2") + get("/3", "Connection: close\r\n"))
        let rest = try client.readToEnd()
        #expect(rest.contains("\r\n\r\n/1HTTP/1.1 200 OK"))
        #expect(rest.contains("\r\n\r\n/2HTTP/1.1 200 OK"))
        #expect(rest.hasSuffix("\r\n\r\n/3"))
        #expect(client.peer.hasEnded, "close_notify comes before the end of the connection")
    }

    @Test func `take a handshake and a request byte by byte`() throws {
        let running = try running()
        let socket = try running.connect()
        let peer = TLSTestPeer()
        func deliver() throws { for byte in peer.output() { try socket.send([byte]) } }
        try deliver()
        while !peer.isEstablished { peer.take(try socket.read()) }
        #expect(peer.write(Array(get("/slow", "Connection: close\r\n").utf8)))
        try deliver()
        peer.take(try socket.readToEnd())
        #expect(String(decoding: peer.plaintext, as: UTF8.self).hasSuffix("/slow"))
    }

    @Test func `take content and give answers of many records`() throws {
        let content = String(repeating: "0123456789abcdef", count: 4_000)
        let running = try running()
        let client = try SecureClient(over: running.connect())
        try client.send(
            "POST /\(0) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 64000\r\n\r\n\(content)")
        #expect(try client.readToEnd().hasSuffix("\r\n\r\n/0" + content))
    }

    @Test func `go on where a client does not read for a while`() throws {
        let large = [UInt8](repeating: 0x61, count: 8_000_000)
        let handler = ScriptedHandler { _, _ in .respond(Response(status: 200, body: large)) }
        let running = try running(handler)
        let client = try SecureClient(over: running.connect(receiveBuffer: 4_096))
        try client.send(get("/", "Connection: close\r\n"))
        #expect(try client.readToEnd().utf8.count > large.count)
        #expect(client.peer.hasEnded)
    }

    @Test func `read nothing while an answer is awaited`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try running(
            ScriptedHandler { _, ticket in
                tickets.put(ticket)
                return .pending
            })
        let client = try SecureClient(over: running.connect())
        try client.send(get("/1") + get("/2"))
        try tickets.next().complete(with: .response(Response(text: "one")))
        try tickets.next().complete(with: .response(Response(text: "two")))
        #expect(try client.read(15) == "HTTP/1.1 200 OK")
    }

    @Test func `tell who comes without TLS in words that it can read`() throws {
        let running = try running()
        let client = try running.connect()
        try client.send(get("/"))
        #expect(try client.readResponse().status == 400)
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `cut off a handshake that does not come to its end`() throws {
        let running = try running(Self.echo) { $0.handshakeTimeout = .milliseconds(100) }
        let client = try running.connect()
        try client.send(Array(TLSTestPeer().output().prefix(20)))
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `give an alert for what is no handshake`() throws {
        let running = try running()
        let client = try running.connect()
        try client.send([0x16, 3, 1, 0, 4, 9, 9, 9, 9])
        let reply = try client.readToEnd()
        #expect(reply.first == 21, "the type of an alert record (RFC 8446 §5.1)")
    }

    @Test func `answer 503 within TLS`() throws {
        let running = try running(Self.echo) { $0.maxConnections = 1 }
        let first = try SecureClient(over: running.connect())
        try first.send(get("/") + "GET")
        #expect(try first.read(15) == "HTTP/1.1 200 OK")
        let second = try SecureClient(over: running.connect())
        #expect(try second.readToEnd().hasPrefix("HTTP/1.1 503 "))
    }

    @Test func `come behind a PROXY header`() throws {
        let running = try running(
            ScriptedHandler { request, _ in .respond(Response(text: "\(request.context.peer)")) }
        ) { $0.requiresProxyHeader = { _ in true } }
        let socket = try running.connect()
        try socket.send("PROXY TCP6 2001:db8::7 ::1 1 2\r\n")
        let client = try SecureClient(over: socket)
        try client.send(get("/", "Connection: close\r\n"))
        #expect(try client.readToEnd().hasSuffix("2001:db8::7"))
    }

    @Test func `take another certificate for new connections, and keep the old ones`() throws {
        let running = try running()
        let old = try SecureClient(over: running.connect())
        var changed = ServerConfiguration(listen: [try ListenAddress("127.0.0.1:0")], loops: 2)
        changed.tls = try Self.context(TestCertificate(.rsa(bits: 2_048)))
        running.server.apply(changed)
        var abilities = TLSTestPeer.Abilities()
        (abilities.lowest, abilities.highest) = (0x0303, 0x0303)
        // Until every loop has the letter; ECDSA and RSA certificates have suites of their own.
        var suites: Set<String> = []
        for _ in 0..<200 {
            suites = Set(try (0..<8).map { _ in try SecureClient(over: running.connect(), abilities).peer.suite })
            if suites.allSatisfy({ $0.contains("RSA") }) { break }
        }
        #expect(suites.allSatisfy { $0.contains("RSA") })
        try old.send(get("/still", "Connection: close\r\n"))
        #expect(try old.readToEnd().hasSuffix("/still"))
    }

    @Test func `say goodbye to idle connections when they drain`() throws {
        let running = try running()
        let client = try SecureClient(over: running.connect())
        try client.send(get("/1"))
        _ = try client.read(15)
        let ended = Inbox<Bool>()
        running.server.drain { ended.put(true) }
        _ = try client.readToEnd()
        #expect(client.peer.hasEnded)
        client.socket.close()
        #expect(try ended.next())
    }
}

/// Ends of connections, where one side of TLS says goodbye, and the other does or cannot.
@Suite struct `The end of a connection under TLS` {
    private func running(_ configure: (inout ServerConfiguration) -> Void = { _ in }) throws -> RunningServer {
        let certificate = `Servers that speak TLS`.certificate
        let context = try TLSServerContext(certificatePEM: certificate.pem, keyPEM: certificate.keyPEM)
        return try RunningServer(`Servers that speak TLS`.echo) { configuration in
            configuration.tls = context
            configure(&configuration)
        }
    }

    @Test(arguments: ["", "GET /last HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `is said by the server too when the client says it first`(request: String) throws {
        let running = try running()
        let client = try SecureClient(over: running.connect())
        if !request.isEmpty { _ = client.peer.write(Array(request.utf8)) }
        client.peer.close()
        try client.socket.send(client.peer.output())
        let rest = try client.readToEnd()
        #expect(rest.hasSuffix("/last") == !request.isEmpty)
        #expect(client.peer.hasEnded)
    }

    @Test func `is told by an alert when a record breaks behind a request`() throws {
        let running = try running()
        let client = try SecureClient(over: running.connect())
        _ = client.peer.write(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        try client.socket.send(client.peer.output() + [23, 3, 3, 0, 20] + [UInt8](repeating: 0, count: 20))
        #expect(throws: Never.self) { try client.readToEnd() }
        #expect(client.peer.failure?.contains("alert") ?? false, "\(client.peer.failure ?? "no alert")")
    }

    @Test func `waits in a drain for a request whose record is cut`() throws {
        let running = try running { $0.drainTimeout = .seconds(3_600) }
        let client = try SecureClient(over: running.connect())
        try client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try client.read(15)
        _ = client.peer.write(Array("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let record = client.peer.output()
        try client.socket.send(Array(record[..<30]))
        // An answer on a later connection shows that the server has read what came before it.
        for _ in 0..<2 {
            let other = try SecureClient(over: running.connect())
            try other.send("GET /3 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try other.read(15)
        }
        let ended = Inbox<Bool>()
        running.server.drain { ended.put(true) }
        #expect(eventually { running.server.connectionCount == 1 })
        try client.socket.send(Array(record[30...]))
        #expect(try client.readToEnd().hasSuffix("/2"))
    }
}
