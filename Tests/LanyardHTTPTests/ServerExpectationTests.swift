// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// RFC 9110 §10.1.1.
@Suite struct `Clients that wait before they send content` {
    /// Wants the content of `/open` alone.
    private struct Handler: RequestHandler {
        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: 10) }

        func refusalBeforeContent(of request: Request) -> Response? {
            request.path == "/open" ? nil : Response(status: 404, body: Array("no".utf8))
        }

        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome {
            .respond(Response(text: String(decoding: request.body, as: UTF8.self)))
        }

        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(status: error.status, fields: head == nil ? [] : [.init("Has-Head", "yes")])
        }
    }

    private func post(_ path: String, length: Int = 4, version: String = "1.1") -> String {
        "POST \(path) HTTP/\(version)\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test func `are told to go on when the content is wanted`() throws {
        let running = try RunningServer(Handler()) { $0.maxRequestsPerConnection = 1 }
        let client = try running.connect()
        try client.send(post("/open"))
        #expect(String(decoding: try client.read(), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
        try client.send("abcd")
        let response = try client.readResponse()
        #expect(response.text == "abcd")
        #expect(response["connection"] == "close")
    }

    @Test func `get the final answer when it is not, and the connection ends`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(post("/closed"))
        let response = try client.readResponse()
        #expect(response.status == 404)
        #expect(response.text == "no")
        #expect(response["connection"] == "close")
        // Whatever comes now might be the content, or a request: it is read as neither.
        try client.send(post("/open"))
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `get 413 for content that is too large`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(post("/open", length: 11))
        let response = try client.readResponse()
        #expect(response.status == 413)
        #expect(response["has-head"] == "yes")
        #expect(try client.readToEnd().isEmpty)
    }

    @Test func `of 1.0 have no expectations`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(post("/closed", version: "1.0") + "abcd")
        #expect(try client.readResponse().text == "abcd")
    }

    @Test func `are not told when the content is here`() throws {
        let running = try RunningServer(Handler())
        let client = try running.connect()
        try client.send(post("/closed") + "abcd")
        #expect(try client.readResponse().text == "abcd")
    }
}
