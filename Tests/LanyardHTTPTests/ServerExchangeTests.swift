// SPDX-License-Identifier: Apache-2.0

import Dispatch
internal import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Server exchanges` {
    /// Answers with method, path and content.
    static let echo = ScriptedHandler { request, _ in
        let text = "\(request.head.method.rawValue) \(request.path) "
        return .respond(Response(text: text + String(decoding: request.body, as: UTF8.self)))
    }

    private func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test func `answers many requests on one connection`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        for number in 0..<100 {
            try client.send(get("/\(number)"))
            let response = try client.readResponse()
            #expect(response.status == 200)
            #expect(response.text == "GET /\(number) ")
            #expect(response["connection"] == nil)
            #expect(response["date"] == "Tue, 14 Nov 2023 22:13:20 GMT")
        }
    }

    @Test func `gives every request an id of its own, on every loop`() throws {
        let seen = Inbox<RequestID>()
        let running = try RunningServer(
            ScriptedHandler { request, _ in
                seen.put(request.context.id)
                return .respond(Response(text: request.context.peer.description))
            })
        var ids: Set<String> = []
        for _ in 0..<20 {
            let client = try running.connect()
            for _ in 0..<20 {
                try client.send(get("/"))
                let response = try client.readResponse()
                #expect(response.text == "127.0.0.1")
                let id = try seen.next().description
                #expect(response["x-request-id"] == id)
                ids.insert(id)
            }
        }
        #expect(ids.count == 400)
    }

    @Test func `answers a request that comes byte by byte`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        let request = "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
        for byte in request.utf8 { try client.send([byte]) }
        #expect(try client.readResponse().text == "POST /slow hello")
        let chunked =
            "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n"
        for byte in chunked.utf8 { try client.send([byte]) }
        #expect(try client.readResponse().text == "POST /c abcde")
    }

    @Test func `leaves the content out of the answer to HEAD`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        try client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"))
        let head = try client.readResponse(hasBody: false)
        #expect(head["content-length"] == "8")
        #expect(try client.readResponse().text == "GET /y ")
    }

    @Test func `answers pipelined requests in their order, pending ones among them`() throws {
        let queue = DispatchQueue(label: "late answers")
        let running = try RunningServer(
            ScriptedHandler { request, ticket in
                let path = request.path
                switch path.utf8.count % 3 {
                case 0: return .respond(Response(text: path))
                case 1: queue.async { ticket.complete(with: .response(Response(text: path))) }
                default: queue.async { ticket.complete(with: .work { Response(text: path) }) }
                }
                return .pending
            })
        let client = try running.connect()
        let paths = (0..<300).map { "/" + String(repeating: "p", count: $0 % 7) + "-\($0)" }
        try client.send(paths.map { get($0) }.joined())
        for path in paths { #expect(try client.readResponse().text == path) }
    }

    @Test func `sends the answers of one read in one write`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        try client.send((0..<16).map { get("/\($0)") }.joined())
        #expect(client.hasSomething(within: RawClient.patience))
        let text = String(decoding: try client.read(), as: UTF8.self)
        #expect(text.contains("GET /0 ") && text.contains("GET /15 "))
    }

    @Test func `answers a client that has half-closed after its request`() throws {
        let running = try RunningServer(
            ScriptedHandler { request, ticket in
                guard request.path == "/late" else { return .respond(Response(text: "now")) }
                DispatchQueue.global().async { ticket.complete(with: .response(Response(text: "late"))) }
                return .pending
            })
        for path in ["/now", "/late"] {
            let client = try running.connect()
            try client.send(get(path))
            client.endSending()
            #expect(try client.readResponse().text == String(path.dropFirst()))
            #expect(try client.readToEnd() == [])
        }
    }

    @Test func `refuses a request that ends in the middle`() throws {
        let running = try RunningServer(Self.echo)
        for part in ["GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1234"] {
            let client = try running.connect()
            try client.send(part)
            client.endSending()
            let response = try client.readResponse()
            #expect(response.status == 400)
            #expect(response.text == "\(RequestError.malformed(.incomplete))")
            #expect(response.closes)
            #expect(try client.readToEnd() == [])
        }
    }

    @Test func `closes in silence when a client leaves between requests`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        try client.send(get("/"))
        _ = try client.readResponse()
        client.endSending()
        #expect(try client.readToEnd() == [])
        #expect(eventually { running.server.connectionCount == 0 })
    }

    @Test func `outlives a reset in the middle of content`() throws {
        let running = try RunningServer(Self.echo, loops: 1)
        for _ in 0..<10 {
            let client = try running.connect()
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc")
            #expect(eventually { running.server.connectionCount == 1 })
            client.reset()
            #expect(eventually { running.server.connectionCount == 0 })
        }
        let client = try running.connect()
        try client.send(get("/"))
        #expect(try client.readResponse().status == 200)
    }

    @Test func `closes after an answer that says so, and reads no further request`() throws {
        let seen = Inbox<String>()
        let running = try RunningServer(
            ScriptedHandler { request, _ in
                seen.put(request.path)
                return .respond(Response(text: "x"))
            })
        for first in [get("/last", "Connection: close\r\n"), "GET /last HTTP/1.0\r\n\r\n"] {
            let client = try running.connect()
            try client.send(first + get("/never"))
            let response = try client.readResponse()
            #expect(response.closes)
            #expect(try client.readToEnd() == [])
            #expect(try seen.next() == "/last")
        }
        let client = try running.connect()
        try client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get("/next"))
        #expect(try client.readResponse()["connection"] == "keep-alive")
        #expect(try client.readResponse().status == 200)
        #expect(try seen.next() == "/old")
        #expect(try seen.next() == "/next")
    }

    @Test func `asks for content that the client holds back`() throws {
        let running = try RunningServer(Self.echo)
        let client = try running.connect()
        try client.send("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        let interim = try client.readResponse(hasBody: false)
        #expect(interim.status == 100)
        #expect(interim.lines == [])
        try client.send("ok")
        #expect(try client.readResponse().text == "POST /e ok")
    }

    @Test func `tells a finished exchange from a refusal`() throws {
        let finished = Inbox<FinishedExchange>()
        let running = try RunningServer(Self.echo) { configuration in configuration.onFinish = { finished.put($0) } }
        let client = try running.connect()
        try client.send(get("/") + "BREW / HTTP/1.1\r\nHost: a\r\n\r\n")
        let ids = [try client.readResponse()["x-request-id"], try client.readResponse()["x-request-id"]]
        let good = try finished.next()
        let bad = try finished.next()
        #expect([good.id.description, bad.id.description] == ids)
        #expect(good.method == .get && good.status == 200 && good.duration >= .zero)
        #expect(bad.method == nil && bad.status == 501)
    }
}
