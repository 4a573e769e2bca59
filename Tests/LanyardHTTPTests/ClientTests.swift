// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardHTTP
import Testing

@Suite struct `HTTP client` {
    struct Answer: CustomTestStringConvertible, Sendable {
        let name: String, text: String, status: Int, body: String
        var fields: [String] = []
        var testDescription: String { name }
    }

    static let answers = [
        Answer(
            name: "length", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Y:  z \r\n\r\n{}", status: 200, body: "{}",
            fields: ["content-length: 2", "x-y: z"]),
        Answer(name: "length zero", text: "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", status: 503, body: ""),
        Answer(
            name: "bytes behind the length", text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1",
            status: 200, body: "{}"),
        Answer(
            name: "chunks",
            text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: u\r\n\r\n",
            status: 200, body: "abcde"),
        Answer(name: "until close", text: "HTTP/1.1 200 OK\r\n\r\nall of it", status: 200, body: "all of it"),
        Answer(name: "until close, 1.0", text: "HTTP/1.0 200 OK\r\n\r\nall of it", status: 200, body: "all of it"),
        Answer(name: "no phrase", text: "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", status: 200, body: ""),
        Answer(
            name: "obs-text in the phrase", text: "HTTP/1.1 200 tr\u{E8}s bien\r\nContent-Length: 0\r\n\r\n",
            status: 200, body: ""),
        Answer(name: "204", text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, body: ""),
        Answer(
            name: "304 with the length of 200", text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
            status: 304, body: ""),
        Answer(
            name: "interim answers first",
            text:
                "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
            status: 200, body: "a", fields: ["content-length: 1"]),
        Answer(
            name: "redirect is not followed",
            text: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", status: 302,
            body: "",
            fields: ["location: http://127.0.0.1:1/", "content-length: 0"]),
    ]

    @Test(arguments: answers)
    func `reads an answer`(answer: Answer) throws {
        for manner in [ClientTestServer.Manner.close, .closeSlowly] {
            let server = try ClientTestServer(answering: Array(answer.text.utf8), manner)
            let response = try Client().get("http://127.0.0.1:\(server.port)/")
            #expect(response.status == answer.status)
            #expect(response.body == Array(answer.body.utf8))
            if !answer.fields.isEmpty {
                let fields = response.fields.map { "\($0.name): \(String(decoding: $0.value, as: UTF8.self))" }
                #expect(fields == answer.fields)
            }
        }
    }

    @Test(arguments: [
        ("/a?b=c#d", "GET /a?b=c HTTP/1.1"),
        ("", "GET / HTTP/1.1"),
        ("?q", "GET /?q HTTP/1.1"),
        ("/%20", "GET /%20 HTTP/1.1"),
    ])
    func `asks for what the URL says`(suffix: String, line: String) throws {
        let server = try ClientTestServer(answering: Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
        _ = try Client().get("HTTP://127.0.0.1:\(server.port)\(suffix)")
        let lines = [
            line, "Host: 127.0.0.1:\(server.port)", "User-Agent: lanyard", "Accept: */*", "Connection: close", "", "",
        ]
        #expect(server.received() == lines.joined(separator: "\r\n"))
    }

    @Test func `does not wait for the end of a connection that is framed`() throws {
        let server = try ClientTestServer(
            answering: Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8), .hold)
        #expect(try Client().get("http://127.0.0.1:\(server.port)/").body == Array("{}".utf8))
    }

    static let malformed = [
        "", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 +20 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 O\0K\r\n\r\n",
        " HTTP/1.1 200 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : a\r\n\r\n", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/1.1 200 OK\r\nX\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nab\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 17_000))\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\(String(repeating: "X: a\r\n", count: 101))\r\n",
        "HTTP/1.1 200 OK\r\n\(String(repeating: "X: \(String(repeating: "a", count: 1_000))\r\n", count: 33))\r\n",
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 2_000),
    ].dropFirst()

    @Test(arguments: malformed)
    func `refuses what is no answer`(text: String) throws {
        let server = try ClientTestServer(answering: Array(text.utf8))
        #expect(throws: ClientError.malformedAnswer) { try Client().get("http://127.0.0.1:\(server.port)/") }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
    ])
    func `refuses an answer that is cut short`(text: String) throws {
        let server = try ClientTestServer(answering: Array(text.utf8))
        #expect(throws: ClientError.disconnected) { try Client().get("http://127.0.0.1:\(server.port)/") }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n", true), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n5\r\n", false),
        ("HTTP/1.1 200 OK\r\n\r\n", true), ("HTTP/1.1 200 OK\r\n\r\na", false),
    ])
    func `takes as much content as it may`(start: String, fits: Bool) throws {
        let end = start.contains("chunked") ? "\r\n0\r\n\r\n" : ""
        let server = try ClientTestServer(answering: Array("\(start)12345678\(end)".utf8))
        let client = Client(limitBytes: 8)
        if fits {
            #expect(try client.get("http://127.0.0.1:\(server.port)/").body == Array("12345678".utf8))
        } else {
            #expect(throws: ClientError.answerTooLarge(limitBytes: 8)) {
                try client.get("http://127.0.0.1:\(server.port)/")
            }
        }
    }

    @Test func `takes 256 KiB and not a byte more`() throws {
        let start = Array("HTTP/1.1 200 OK\r\n\r\n".utf8)
        let most = try ClientTestServer(answering: start + [UInt8](repeating: 0x61, count: 262_144))
        #expect(try Client().get("http://127.0.0.1:\(most.port)/").body.count == 262_144)
        let more = try ClientTestServer(answering: start + [UInt8](repeating: 0x61, count: 262_145))
        #expect(throws: ClientError.answerTooLarge(limitBytes: 262_144)) {
            try Client().get("http://127.0.0.1:\(more.port)/")
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{"])
    func `gives up on a server that falls silent`(text: String) throws {
        let server = try ClientTestServer(answering: Array(text.utf8), .hold)
        #expect(throws: ClientError.timedOut) {
            try Client(timeout: .milliseconds(200)).get("http://127.0.0.1:\(server.port)/")
        }
    }

    @Test func `gives up on a server that never comes to an end`() throws {
        let server = try ClientTestServer(answering: Array("HTTP/1.1 200 OK\r\n\r\n".utf8), .drip)
        #expect(throws: ClientError.timedOut) {
            try Client(timeout: .milliseconds(200)).get("http://127.0.0.1:\(server.port)/")
        }
    }

    @Test func `says when nobody listens`() throws {
        let port = try ClientTestServer.closedPort()
        #expect(throws: ClientError.unreachable(code: ECONNREFUSED)) { try Client().get("http://127.0.0.1:\(port)/") }
    }

    @Test func `says when a name has no address`() {
        // Longer than a label of a name may be (RFC 1035 §2.3.4), so that no resolver is asked.
        let label = String(repeating: "a", count: 64)
        #expect(throws: ClientError.unknownHost) { try Client().get("http://\(label)/") }
    }

    @Test(.enabled(if: ClientTestServer.hasIPv6, "needs the address ::1"))
    func `speaks to addresses of IPv6`() throws {
        let server = try ClientTestServer(answering: Array("HTTP/1.1 204 No Content\r\n\r\n".utf8), ipv6: true)
        #expect(try Client().get("http://[::1]:\(server.port)/").status == 204)
        #expect(server.received().contains("\r\nHost: [::1]:\(server.port)\r\n"))
    }

    @Test func `speaks to names`() throws {
        let server = try ClientTestServer(answering: Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
        #expect(try Client().get("http://localhost:\(server.port)/").status == 204)
    }

    @Test(
        arguments: [
            ("ftp://a/", .unsupportedScheme), ("httpss://a/", .unsupportedScheme),
            ("file:///etc/passwd", .unsupportedScheme), ("localhost:8080", .unsupportedScheme), ("", .malformedURL),
            ("127.0.0.1/", .malformedURL), ("//a/", .malformedURL), ("http:", .malformedURL),
            ("http:/a", .malformedURL),
            ("http://", .malformedURL), ("http:///a", .malformedURL), ("http://u@a/", .malformedURL),
            ("http://a:65536/", .malformedURL), ("http://a:x/", .malformedURL), ("http://a b/", .malformedURL),
            ("http://a/\r\nX: b", .malformedURL), ("http://a/é", .malformedURL), ("http://é/", .malformedURL),
            ("http://a/%0d%0a", .malformedURL), ("http://[::1/", .malformedURL), (" http://a/", .malformedURL),
        ] as [(String, ClientError)])
    func `refuses a URL that it cannot ask`(url: String, error: ClientError) {
        #expect(throws: error) { try Client().get(url) }
    }
}
