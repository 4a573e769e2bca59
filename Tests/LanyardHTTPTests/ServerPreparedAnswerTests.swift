// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Prepared answers` {
    /// Has an answer ready at `/ready`, and says of every other request that it came through.
    private struct Handler: RequestHandler {
        let ready = PreparedAnswer(Response(status: 200, fields: [.init("A", "b")], body: Array("ready".utf8)))

        func preparedAnswer(to head: HeadLayout, of bytes: Span<UInt8>) -> PreparedAnswer? {
            guard head.method == .get || head.method == .head, !head.isConditional else { return nil }
            return head.asks(for: Array("/ready".utf8), of: bytes) ? ready : nil
        }

        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: 100) }

        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome { .respond(Response(text: "made")) }

        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(status: error.status)
        }
    }

    private func get(_ target: String = "/ready", _ fields: String = "", method: String = "GET") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test func `carry what every answer carries`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(get())
        let response = try client.readResponse()
        #expect(response.status == 200)
        #expect(response.text == "ready")
        #expect(response["a"] == "b")
        #expect(response["content-length"] == "5")
        #expect(response["date"] == "Tue, 14 Nov 2023 22:13:20 GMT")
        #expect(response["connection"] == nil)
        let id = try #require(response["x-request-id"])
        try client.send(get())
        #expect(try client.readResponse()["x-request-id"] != id)
    }

    @Test func `leave the content out for HEAD`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(get(method: "HEAD") + get())
        let head = try client.readResponse(hasBody: false)
        #expect(head.status == 200)
        #expect(head["content-length"] == "5")
        #expect(try client.readResponse().text == "ready")
    }

    @Test(arguments: [
        "/ready?", "/ready?a=b", "/Ready", "/read", "/ready/", "/%72eady", "http://a/ready", "/other",
    ])
    func `are for one spelling of the target`(target: String) throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(get(target))
        #expect(try client.readResponse().text == "made")
    }

    @Test(arguments: ["IF-NONE-MATCH: \"x\"\r\n", "If-Match: *\r\n", "if-match:\r\nA: b\r\n"])
    func `are not for conditional requests`(fields: String) throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(get("/ready", fields))
        #expect(try client.readResponse().text == "made")
    }

    @Test(arguments: ["Connection: close\r\n", "Connection: x, Close\r\n"])
    func `end the connection when the client wants it`(field: String) throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(get("/ready", field) + get())
        let response = try client.readResponse()
        #expect(response.text == "ready")
        #expect(response["connection"] == "close")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `tell a client of 1.0 that the connection goes on`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send("GET /ready HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /ready HTTP/1.0\r\n\r\n")
        #expect(try client.readResponse()["connection"] == "keep-alive")
        #expect(try client.readResponse()["connection"] == "close")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `count among the requests that a connection may have`() throws {
        let running = try RunningServer(Handler()) { $0.maxRequestsPerConnection = 2 }
        let client = try running.connect()
        try client.send(get() + get() + get())
        #expect(try client.readResponse()["connection"] == nil)
        #expect(try client.readResponse()["connection"] == "close")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `are reported when they are given`() throws {
        let finished = Inbox<FinishedExchange>()
        let running = try RunningServer(Handler()) { $0.onFinish = { finished.put($0) } }
        let client = try running.connect()
        try client.send(get(method: "HEAD"))
        let response = try client.readResponse(hasBody: false)
        let exchange = try finished.next()
        #expect(exchange.status == 200)
        #expect(exchange.method == .head)
        #expect(exchange.id.description == response["x-request-id"])
    }
}
