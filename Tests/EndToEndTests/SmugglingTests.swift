// SPDX-License-Identifier: Apache-2.0

import Testing

/// Bytes on which a proxy and a server may disagree where one request ends.
///
/// All are refused, the connection is closed,
/// and what follows in the same packet is never answered.
@Suite(.server("--dev"))
struct `A request with unclear bounds` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let rule: String
        let bytes: String
        var status = 400

        init(_ name: String, _ rule: String, _ bytes: String, status: Int = 400) {
            (self.name, self.rule, self.bytes, self.status) = (name, rule, bytes, status)
        }

        var testDescription: String { "\(name) (\(rule))" }
    }

    private static let post = "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    private static let get = "GET /livez HTTP/1.1\r\nHost: a\r\n"

    static let cases = [
        Case(
            "both framings", "RFC 9112 §6.1", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Case(
            "both framings, the other way round", "RFC 9112 §6.1",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        Case("two lengths that differ", "RFC 9112 §6.3", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
        Case(
            "two lengths that are the same", "RFC 9112 §6.3", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
        Case("a list of lengths", "RFC 9112 §6.3", post + "Content-Length: 2, 2\r\n\r\n{}"),
        Case("a length with a sign", "RFC 9110 §8.6", post + "Content-Length: +2\r\n\r\n{}"),
        Case("a negative length", "RFC 9110 §8.6", post + "Content-Length: -2\r\n\r\n{}"),
        Case("a hexadecimal length", "RFC 9110 §8.6", post + "Content-Length: 0x2\r\n\r\n{}"),
        Case("a length with a blank in it", "RFC 9110 §8.6", post + "Content-Length: 1 2\r\n\r\n{}          "),
        Case("an empty length", "RFC 9110 §8.6", post + "Content-Length:\r\n\r\n"),
        Case("a length that overflows", "RFC 9110 §8.6", post + "Content-Length: 18446744073709551618\r\n\r\n{}"),
        Case("a length with a leading zero", "RFC 9110 §8.6", post + "Content-Length: 02\r\n\r\n{}"),
        Case("a folded length", "RFC 9112 §5.2", post + "Content-Length:\r\n 2\r\n\r\n{}"),
        Case("a folded field", "RFC 9112 §5.2", post + "X-A: b\r\n Content-Length: 2\r\n\r\n{}"),
        Case("a field folded with a tab", "RFC 9112 §5.2", get + "X-A: b\r\n\tc\r\n\r\n"),
        Case("a bare LF after the request line", "RFC 9112 §2.2", "GET /livez HTTP/1.1\nHost: a\r\n\r\n"),
        Case("a bare LF after a field", "RFC 9112 §2.2", "GET /livez HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n"),
        Case("a bare LF for the empty line", "RFC 9112 §2.2", "GET /livez HTTP/1.1\r\nHost: a\r\n\n"),
        Case("a bare CR in a value", "RFC 9112 §2.2", "GET /livez HTTP/1.1\r\nHost: a\rX-A: b\r\n\r\n"),
        Case("a NUL in a value", "RFC 9110 §5.5", get + "X-A: b\0c\r\n\r\n"),
        Case("a blank before the colon", "RFC 9112 §5.1", post + "Content-Length : 2\r\n\r\n{}"),
        Case("a blank before the first field", "RFC 9112 §2.2", "GET /livez HTTP/1.1\r\n Host: a\r\n\r\n"),
        Case("a field without a colon", "RFC 9112 §5", get + "X-A\r\n\r\n"),
        Case("a field without a name", "RFC 9112 §5", get + ": b\r\n\r\n"),
        Case(
            "a coding that only looks like chunked", "RFC 9112 §6.1",
            post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        Case("chunked twice", "RFC 9112 §6.1", post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        Case(
            "chunked on two lines", "RFC 9112 §6.1",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Case("chunked that is not last", "RFC 9112 §6.3", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        Case("chunked with a vertical tab", "RFC 9112 §6.1", post + "Transfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n"),
        Case(
            "chunked in HTTP/1.0", "RFC 9112 §6.1",
            "POST /login HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Case(
            "a chunk size with 0x", "RFC 9112 §7.1", post + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n"),
        Case(
            "a chunk size with a sign", "RFC 9112 §7.1",
            post + "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n"),
        Case(
            "a chunk size that overflows", "RFC 9112 §7.1",
            post + "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n"),
        Case(
            "a chunk longer than its size", "RFC 9112 §7.1",
            post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n"),
        Case(
            "a chunk that ends with a bare LF", "RFC 9112 §7.1",
            post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n"),
        Case(
            "a chunk extension with a bare LF", "RFC 9112 §7.1.1",
            post + "Transfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n"),
        Case(
            "a length among the trailers", "RFC 9110 §6.5.1",
            post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 2\r\n\r\n"),
        Case(
            "content with TRACE", "RFC 9110 §9.3.8", "TRACE /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"),
        Case("two hosts", "RFC 9112 §3.2", "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        Case("no host", "RFC 9112 §3.2", "GET /livez HTTP/1.1\r\n\r\n"),
        Case("a host with a path", "RFC 9112 §3.2", "GET /livez HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Case("two blanks in the request line", "RFC 9112 §3", "GET  /livez HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case("a tab in the request line", "RFC 9112 §3", "GET\t/livez HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case("a target with a blank", "RFC 9112 §3", "GET /livez x HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case("no version", "RFC 9112 §3", "GET /livez\r\nHost: a\r\n\r\n"),
        Case("a version in lower case", "RFC 9112 §2.3", "GET /livez http/1.1\r\nHost: a\r\n\r\n"),
        Case("another major version", "RFC 9110 §15.6.6", "GET /livez HTTP/2.0\r\nHost: a\r\n\r\n", status: 505),
        Case("the preface of HTTP/2", "RFC 9113 §3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
    ]

    @Test(arguments: cases)
    func `is refused and ends the connection`(refusal: Case) throws {
        let connection = try RawConnection(port: server.port)
        let second = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n"
        try connection.send(refusal.bytes + second)
        let reply = try connection.reply()
        expectUsualFields(reply)
        #expect(reply.status == refusal.status, "\(reply.text)")
        #expect(reply["connection"] == "close")
        let rest = try connection.bytesUntilClosed()
        #expect(rest.isEmpty, "\(String(decoding: rest, as: UTF8.self))")
    }

    /// What a proxy may take for a second request is content, and nothing else.
    @Test(arguments: ["GET", "DELETE", "OPTIONS"])
    func `is none where content means nothing`(method: String) throws {
        let connection = try RawConnection(port: server.port)
        let second = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n\r\n"
        let head = "\(method) /livez HTTP/1.1\r\nHost: a\r\n"
        try connection.send("\(head)Content-Length: \(second.utf8.count)\r\n\r\n\(second)")
        try connection.send("\(head)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(second)")
        for _ in 0..<2 { #expect(try connection.reply().status == ["GET": 200, "OPTIONS": 204][method] ?? 405) }
        let last = try connection.reply()
        #expect(last["content-type"] == "application/jwk-set+json")
        connection.endSending()
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    static let limits = [
        Case(
            "a target of 9,000 bytes", "RFC 9112 §3",
            "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: a\r\n\r\n", status: 414),
        Case(
            "101 fields", "RFC 6585 §5",
            get + (0..<100).map { "X-\($0): y\r\n" }.joined() + "\r\n", status: 431),
        Case(
            "a field of 17 KiB", "RFC 6585 §5", get + "X-A: \(String(repeating: "a", count: 17_408))\r\n\r\n",
            status: 431),
        Case(
            "33 KiB of fields", "RFC 6585 §5",
            get + (0..<33).map { "X-\($0): \(String(repeating: "a", count: 1_024))\r\n" }.joined() + "\r\n", status: 431
        ),
        Case(
            "an expectation that HTTP does not know", "RFC 9110 §10.1.1",
            post + "Content-Length: 2\r\nExpect: 200-ok\r\n\r\n{}", status: 417),
    ]

    @Test(arguments: limits)
    func `or over a limit is refused and ends the connection`(refusal: Case) throws {
        try `is refused and ends the connection`(refusal: refusal)
    }
}

@Suite(.server("--dev"))
struct `A connection` {
    let server: RunningLanyard

    init() throws {
        server = try .shared()
    }

    private static let get = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let body = #"{"username":"alice","password":"correct horse battery staple"}"#

    @Test func `serves many requests, in their order`() throws {
        let connection = try RawConnection(port: server.port)
        let paths = ["/livez", "/nothing", "/.well-known/jwks.json", "/login", "/livez"]
        try connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for status in [200, 404, 200, 405, 200] {
            #expect(try connection.reply().status == status)
        }
    }

    @Test func `serves a login between two other requests, in their order`() throws {
        let connection = try RawConnection(port: server.port)
        let login =
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(Self.body.utf8.count)\r\n\r\n" + Self.body
        try connection.send(Self.get + login + "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try connection.reply().status == 200)
        #expect(try TokenResponse(try connection.reply()).reply.status == 200)
        #expect(try connection.reply().status == 404)
    }

    @Test func `takes a request byte by byte`() throws {
        let connection = try RawConnection(port: server.port)
        for byte in Self.get.utf8 { try connection.send([byte]) }
        #expect(try connection.reply().status == 200)
    }

    @Test func `takes a chunked login with extensions and trailers`() throws {
        let connection = try RawConnection(port: server.port)
        let (first, second) = (Self.body.prefix(10), Self.body.dropFirst(10))
        try connection.send(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "0a;name=\"value\"\r\n\(first)\r\n"
                + "\(String(second.utf8.count, radix: 16))\r\n\(second)\r\n0\r\nX-Sum: 1\r\n\r\n")
        #expect(try connection.reply().status == 200)
    }

    @Test func `is asked for the content by 100 Continue`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(
            "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                + "Content-Length: \(Self.body.utf8.count)\r\n\r\n")
        let go = try connection.interimReply()
        #expect(go == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send(Self.body)
        #expect(try connection.reply().status == 200)
    }

    @Test func `is answered after the client has ended its half`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send(Self.get)
        connection.endSending()
        #expect(try connection.reply().status == 200)
        #expect(try connection.bytesUntilClosed().isEmpty)
    }

    @Test func `ends when the client asks for it`() throws {
        let connection = try RawConnection(port: server.port)
        try connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + Self.get)
        #expect(try connection.reply()["connection"] == "close")
        #expect(try connection.bytesUntilClosed().isEmpty, "nothing after close is processed (RFC 9112 §9.6)")
    }

    @Test func `of HTTP 1.0 ends after one request unless it asks to stay`() throws {
        let once = try RawConnection(port: server.port)
        try once.send("GET /livez HTTP/1.0\r\n\r\n")
        #expect(try once.reply().status == 200)
        #expect(try once.bytesUntilClosed().isEmpty)

        let kept = try RawConnection(port: server.port)
        for _ in 0..<2 {
            try kept.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try kept.reply()["connection"]?.lowercased() == "keep-alive")
        }
    }

    @Test func `that is cut off in the middle of a request harms nobody`() throws {
        for count in [1, 20, Self.get.utf8.count - 1] {
            let connection = try RawConnection(port: server.port)
            try connection.send(Array(Self.get.utf8.prefix(count)))
        }
        #expect(try server.get("/livez").status == 200)
    }
}
