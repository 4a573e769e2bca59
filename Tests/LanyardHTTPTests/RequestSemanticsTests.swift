// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardHTTP
import TestSupport
import Testing

/// What RFC 9110 and RFC 9112 ask of a connection, seen from the client's end.
@Suite struct `Request semantics` {
    static let statuses = [
        200, 201, 202, 203, 204, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410,
        412,
        413, 414, 415, 416, 417, 421, 422, 426, 428, 429, 431, 500, 501, 502, 503, 504, 505, 599,
    ]

    /// Answers `/404` with 404, the fields of a document, and content where the status may have some.
    private static let document = ScriptedHandler { request, _ in
        let status = Int(request.path.dropFirst()) ?? 200
        let fields: [Response.Field] = [
            .init("Content-Type", "text/plain"), .init("ETag", "\"v1\""), .init("Cache-Control", "max-age=60"),
            .init("Vary", "Accept-Encoding"), .init("Expires", "Tue, 14 Nov 2023 22:14:20 GMT"),
        ]
        let hasContent = status != 204 && status != 304
        return .respond(Response(status: status, fields: fields, body: hasContent ? Array("a document".utf8) : []))
    }

    private static let echo = ScriptedHandler(limitBytes: 16) { request, _ in
        let names = request.head.fields.map(\.name).joined(separator: " ")
        return .respond(Response(text: names + ": " + String(decoding: request.body, as: UTF8.self)))
    }

    private func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    // RFC 9110 §9.3.2: "the server SHOULD send the same header fields in response to a HEAD request".
    @Test(arguments: statuses)
    func `HEAD is answered as GET, for each status`(status: Int) throws {
        let running = try RunningServer(Self.document, loops: 1)
        let client = try running.connect()
        try client.send(get("/\(status)") + "HEAD /\(status) HTTP/1.1\r\nHost: a\r\n\r\n" + get("/200"))
        let full = try client.readResponse()
        let head = try client.readResponse(hasBody: false)
        let isSame = { (line: String) in !line.hasPrefix("X-Request-Id:") }
        #expect(full.status == status && head.status == status)
        #expect(head.lines.filter(isSame) == full.lines.filter(isSame))
        #expect(head["content-length"] == (status == 204 || status == 304 ? nil : "10"))
        // Content behind a HEAD would be taken for the next answer.
        #expect(try client.readResponse().text == "a document")
    }

    @Test func `304 has the fields of the 200 and no content`() throws {
        let running = try RunningServer(Self.document)
        let client = try running.connect()
        try client.send(get("/304") + get("/200"))
        let answer = try client.readResponse()
        let names = answer.lines.map { $0.prefix { $0 != ":" }.lowercased() }
        // RFC 9110 §15.4.5 and §8.6; RFC 9112 §6.1 forbids Transfer-Encoding.
        let own = ["date", "x-request-id"]
        #expect(names == own + ["content-type", "etag", "cache-control", "vary", "expires"])
        #expect(try client.readResponse().text == "a document")
    }

    struct Persistence: CustomTestStringConvertible, Sendable {
        let version: String, fields: String, goesOn: Bool, connection: String?
        var testDescription: String { "HTTP/\(version) \(fields.split(separator: "\r\n").joined(separator: ", "))" }
    }

    static let persistences = [
        Persistence(version: "1.1", fields: "", goesOn: true, connection: nil),
        Persistence(version: "1.1", fields: "Connection: keep-alive\r\n", goesOn: true, connection: nil),
        Persistence(version: "1.1", fields: "Connection: Upgrade\r\nUpgrade: h2c\r\n", goesOn: true, connection: nil),
        Persistence(version: "1.1", fields: "Connection: close\r\n", goesOn: false, connection: "close"),
        Persistence(version: "1.1", fields: "Connection: keep-alive, Close\r\n", goesOn: false, connection: "close"),
        Persistence(version: "1.1", fields: "Connection: close, keep-alive\r\n", goesOn: false, connection: "close"),
        Persistence(
            version: "1.1", fields: "Connection: keep-alive\r\nConnection: close\r\n", goesOn: false,
            connection: "close"),
        Persistence(version: "1.7", fields: "", goesOn: true, connection: nil),
        Persistence(version: "1.0", fields: "", goesOn: false, connection: "close"),
        Persistence(version: "1.0", fields: "Connection: Upgrade\r\n", goesOn: false, connection: "close"),
        Persistence(version: "1.0", fields: "Connection: Keep-Alive\r\n", goesOn: true, connection: "keep-alive"),
        Persistence(version: "1.0", fields: "Connection: keep-alive, close\r\n", goesOn: false, connection: "close"),
    ]

    // RFC 9112 §9.3. That the status line says 1.1 to all is read by `RawResponse`, which takes no other.
    @Test(arguments: persistences)
    func `a connection lasts as long as both want it`(example: Persistence) throws {
        let seen = Inbox<String>()
        let running = try RunningServer(
            ScriptedHandler { request, _ in
                seen.put(request.path)
                return .respond(Response(text: "answer"))
            })
        let client = try running.connect()
        try client.send("GET /first HTTP/\(example.version)\r\nHost: a\r\n\(example.fields)\r\n" + get("/second"))
        let answer = try client.readResponse()
        #expect(answer["connection"] == example.connection)
        #expect(answer["transfer-encoding"] == nil)
        #expect(try seen.next() == "/first")
        if example.goesOn {
            #expect(try client.readResponse().status == 200)
            #expect(try seen.next() == "/second")
        } else {
            #expect(try client.readToEnd() == [])
            client.close()
            #expect(eventually { running.server.connectionCount == 0 })
            #expect(seen.isEmpty)
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\nGET / HTTP/1.1\r\nHost: ",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\nGET / HTTP/1.1\r\nHost: ",
    ])
    func `100 is sent to nobody who does not wait for it`(first: String) throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        try client.send(first)
        try client.send("ab\r\n\r\n")
        #expect(try client.readResponse().status == 200)
    }

    // RFC 9110 §10.1.1: a final status instead of 100, and the client need not send the content.
    @Test(arguments: [
        ("Content-Length: 17\r\n", 413), ("Content-Length: 1, 1\r\n", 400), ("Transfer-Encoding: gzip\r\n", 400),
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
    ])
    func `a final answer takes the place of 100`(fields: String, status: Int) throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\(fields)\r\n")
        let answer = try client.readResponse()
        #expect(answer.status == status)
        #expect(answer.closes)
        #expect(try client.readToEnd() == [])
    }

    @Test func `trailers reach nobody`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        let head = "POST / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        try client.send(
            head + "3\r\nabc\r\n0\r\nX-One: 2\r\nX-Two: 2\r\nTrailer: X-Two\r\n\r\n" + get("/", "X-Three: 3\r\n"))
        #expect(try client.readResponse().text == "host x-one transfer-encoding: abc")
        #expect(try client.readResponse().text == "host x-three: ")
    }

    @Test func `a hundred requests at once are answered in order`() throws {
        let running = try RunningServer(ScriptedHandler { request, _ in .respond(Response(text: request.path)) })
        let client = try running.connect()
        try client.send((0..<100).map { get("/\($0)") }.joined())
        for number in 0..<100 { #expect(try client.readResponse().text == "/\(number)") }
    }

    @Test func `two requests in one segment get their answers in one`() throws {
        let running = try RunningServer(ScriptedHandler { request, _ in .respond(Response(text: request.path)) })
        let client = try running.connect()
        try client.send(get("/one") + get("/two"))
        let text = String(decoding: try client.read(), as: UTF8.self)
        #expect(text.contains("/one") && text.hasSuffix("/two"))
    }

    @Test func `content that trickles in gains no time`() throws {
        let running = try RunningServer(Self.echo) { $0.bodyTimeout = .milliseconds(200) }
        let client = try running.connect()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;")
        #expect(try client.trickle("x") < 500, "each byte moved the deadline")
        let answer = try client.readResponse()
        #expect(answer.status == 408 && answer.closes)
        #expect(try client.readToEnd() == [])
    }

    @Test func `a reset in the middle of an answer harms nobody`() throws {
        let running = try RunningServer(
            ScriptedHandler { request, _ in
                let size = request.path == "/large" ? 20_000_000 : 10
                return .respond(Response(status: 200, body: [UInt8](repeating: 0x61, count: size)))
            }, loops: 1)
        let other = try running.connect()
        for _ in 0..<8 {
            let client = try running.connect(receiveBuffer: 1)
            try client.send(get("/large"))
            #expect(try !client.read(upTo: 1_000).isEmpty)
            try other.send(get("/small"))
            #expect(try other.readResponse().body.count == 10)
            client.reset()
        }
        #expect(eventually { running.server.connectionCount == 1 })
        try other.send(get("/small"))
        #expect(try other.readResponse().body.count == 10)
    }

    // RFC 9112 §9.6: closing at once would reset the connection, and the reset would overtake the answer.
    @Test(arguments: [
        ("nonsense\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400), ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 1\r\nContent-Length: 1048576\r\n\r\n", 417),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("GET /" + String(repeating: "a", count: 9_000), 414),
        ("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 17_000), 431),
    ])
    func `a refused client reads its answer though it goes on sending`(request: String, status: Int) throws {
        let running = try RunningServer(Self.echo) { $0.lingerTimeout = .seconds(3_600) }
        let client = try running.connect()
        try client.send(request)
        for _ in 0..<64 { try client.send([UInt8](repeating: 0x61, count: 16_384)) }
        let answer = try client.readResponse()
        #expect(answer.status == status)
        #expect(answer.closes)
        #expect(!answer.body.isEmpty)
        #expect(try client.readToEnd() == [])
    }

    /// Wants no content whatever.
    private struct Refuser: RequestHandler {
        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: 4_194_304) }
        func refusalBeforeContent(of request: Request) -> Response? { Response(status: 403, body: Array("no".utf8)) }
        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome { .respond(Response(status: 200)) }
        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(status: error.status)
        }
    }

    // RFC 9110 §10.1.1: a client need not wait for 100 for ever, so content may come that was refused. Its request is not
    // over, whatever it said of the connection.
    @Test(arguments: ["", "Connection: close\r\n"])
    func `a client that is refused before its content reads why though it sends it`(fields: String) throws {
        try expectAnswer(toContentBehind: fields)
    }

    private func expectAnswer(toContentBehind fields: String) throws {
        let running = try RunningServer(Refuser()) { $0.lingerTimeout = .seconds(3_600) }
        let client = try running.connect()
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1048576\r\n"
        try client.send(head + fields + "\r\n")
        #expect(client.hasSomething(within: RawClient.patience))
        for _ in 0..<64 { try client.send([UInt8](repeating: 0x61, count: 16_384)) }
        let answer = try client.readResponse()
        #expect(answer.status == 403 && answer.closes)
        #expect(try client.readToEnd() == [])
    }

    @Test func `nothing is read while an answer is awaited`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(
            ScriptedHandler { request, ticket in
                guard request.path == "/late" else { return .respond(Response(status: 204)) }
                tickets.put(ticket)
                return .pending
            }, loops: 1)
        let client = try running.connect()
        try client.send(get("/late"))
        let ticket = try tickets.next()

        // The sockets hold some megabytes of this; a server that went on reading would take it all.
        let next = Array(get("/", "X: \(String(repeating: "a", count: 16_000))\r\n").utf8)
        let most = 64 * 1_048_576
        var taken = 0
        while taken < most, client.hasRoom(within: 200) {
            taken += try client.sendSome(next[(taken % next.count)...])
        }
        #expect(taken < most)

        ticket.complete(with: .response(Response(status: 200)))
        #expect(try client.readResponse().status == 200)
        for _ in 0..<(taken / next.count) { #expect(try client.readResponse().status == 204) }
    }
}
