// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// What a refusal shares with every other answer: the method and, for the handler, the route (RFC 9110 §9.3.2).
@Suite struct `A refused request` {
    /// The rest of a request behind its method and a blank, and the status of its refusal.
    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, rest: String, status: Int
        /// Whether the client ends its half behind the bytes.
        var ends = false
        /// What the handler must be told of the target; `nil` for nothing.
        var target: RequestTarget? = .path("/a", query: nil)
        var testDescription: String { name }
    }

    static let refusals = [
        Refusal(name: "no Host", rest: "/a HTTP/1.1\r\n\r\n", status: 400),
        Refusal(name: "two Hosts", rest: "/a HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", status: 400),
        Refusal(
            name: "a character that no target has", rest: "/a|?b HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
            target: .irregular("/a|", query: [0x62])),
        Refusal(
            name: "a control in the target", rest: "/a?\u{1}b HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
            target: .irregular("/a", query: [1, 0x62])),
        Refusal(name: "a blank in the target", rest: "/a b HTTP/1.1\r\nHost: a\r\n\r\n", status: 400),
        Refusal(
            name: "a tab in the target", rest: "/a\tb HTTP/1.1\r\nHost: a\r\n\r\n", status: 400,
            target: .irregular("/a\tb", query: nil)),
        Refusal(name: "another scheme", rest: "ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", status: 400, target: nil),
        Refusal(name: "no target", rest: " HTTP/1.1\r\n\r\n", status: 400, target: nil),
        Refusal(name: "no version", rest: "/a\r\n\r\n", status: 400),
        Refusal(name: "a bad version", rest: "/a HTTP/1.x\r\n\r\n", status: 400),
        Refusal(name: "another major version", rest: "/a HTTP/2.0\r\n\r\n", status: 505),
        Refusal(name: "a bare line feed", rest: "/a HTTP/1.1\n", status: 400),
        Refusal(name: "a bad field", rest: "/a HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", status: 400),
        Refusal(
            name: "a repeated field", rest: "/a HTTP/1.1\r\nHost: a\r\nOrigin: b\r\nOrigin: b\r\n\r\n", status: 400),
        Refusal(
            name: "both framings",
            rest: "/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", status: 400),
        Refusal(name: "a bad length", rest: "/a HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", status: 400),
        Refusal(
            name: "an unknown coding", rest: "/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n",
            status: 501),
        Refusal(name: "an unknown expectation", rest: "/a HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", status: 417),
        Refusal(name: "too much content", rest: "/a HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n", status: 413),
        Refusal(
            name: "a bad chunk", rest: "/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx", status: 400),
        Refusal(
            name: "a long target", rest: "/" + String(repeating: "a", count: 8_200), status: 414,
            target: .unroutable("/" + String(repeating: "a", count: 8_193 - "HEAD /".utf8.count), query: nil)),
        Refusal(
            name: "a long query", rest: "/a?" + String(repeating: "a", count: 8_200), status: 414,
            target: .irregular("/a", query: Array(String(repeating: "a", count: 8_193 - "HEAD /a?".utf8.count).utf8))),
        Refusal(name: "a long field", rest: "/a HTTP/1.1\r\nX: " + String(repeating: "a", count: 16_400), status: 431),
        Refusal(
            name: "many fields", rest: "/a HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n",
            status: 431),
        Refusal(name: "the end in the head", rest: "/a HTTP/1.1\r\nHost: a\r\n", status: 400, ends: true),
        Refusal(
            name: "the end in the target", rest: "/a", status: 400, ends: true, target: .unroutable("/a", query: nil)),
        Refusal(
            name: "the end in the content", rest: "/a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na", status: 400,
            ends: true),
    ]

    /// Tells the test what it was told of the request.
    private struct Witness: RequestHandler {
        let heads: Inbox<RequestHead?>
        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: 65_536) }
        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome { .pending }
        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            heads.put(head)
            return Response(status: error.status, body: Array("\(error)".utf8))
        }
    }

    @Test(arguments: refusals)
    func `has no content if it was HEAD, and is known by its target`(refusal: Refusal) throws {
        let heads = Inbox<RequestHead?>()
        let running = try RunningServer(Witness(heads: heads), loops: 1)
        for method in ["HEAD", "POST"] {
            let client = try running.connect()
            try client.send("\(method) \(refusal.rest)")
            if refusal.ends { client.endSending() }
            let answer = try client.readResponse(hasBody: method != "HEAD")
            #expect(answer.status == refusal.status)
            #expect(answer.closes)
            #expect(answer["content-length"] != "0")
            #expect(try client.readToEnd() == [], "\(method)")
            let head = try heads.next()
            #expect(head?.target == refusal.target)
            if let head { #expect(head.method.rawValue == method) }
        }
    }

    @Test(arguments: [
        "HEAD /a HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\nX: ",
        "HEAD /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n",
    ])
    func `has no content if HEAD does not come to its end in time`(bytes: String) throws {
        let heads = Inbox<RequestHead?>()
        let running = try RunningServer(Witness(heads: heads), loops: 1) {
            $0.headerTimeout = .milliseconds(200)
            $0.bodyTimeout = .milliseconds(200)
        }
        let client = try running.connect()
        try client.send(bytes)
        #expect(try client.readResponse(hasBody: false).status == 408)
        #expect(try client.readToEnd() == [])
        let head = try #require(try heads.next())
        #expect(head.target == .path("/a", query: nil))
        #expect(head.values(of: "host") == [Array("a".utf8)])
        if bytes.contains("Origin") { #expect(head.values(of: "origin") == [Array("https://b".utf8)]) }
    }

    @Test func `is known though its handler did not answer in time`() throws {
        let heads = Inbox<RequestHead?>()
        let running = try RunningServer(Witness(heads: heads), loops: 1) { $0.answerTimeout = .milliseconds(200) }
        let client = try running.connect()
        try client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.readResponse(hasBody: false).status == 500)
        #expect(try client.readToEnd() == [])
        #expect(try heads.next()?.target == .path("/a", query: nil))
    }

    @Test func `takes no field from behind a fault`() throws {
        let heads = Inbox<RequestHead?>()
        let running = try RunningServer(Witness(heads: heads), loops: 1)
        let client = try running.connect()
        try client.send("GET /a HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\nOrigin: https://b\r\n\r\n")
        #expect(try client.readResponse().status == 400)
        #expect(try heads.next()?.fields.map(\.name) == ["host"])
    }
}
