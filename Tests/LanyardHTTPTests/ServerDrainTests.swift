// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Server drain` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Answers `/late` when the test completes its ticket, everything else at once.
    private func handler(_ tickets: Inbox<ExchangeTicket>) -> ScriptedHandler {
        ScriptedHandler { request, ticket in
            guard request.path == "/late" else { return .respond(Response(text: request.path)) }
            tickets.put(ticket)
            return .pending
        }
    }

    @Test func `finishes what is under way and resets nobody`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(handler(tickets)) {
            $0.firstRequestPatience = .seconds(3_600)
            $0.drainTimeout = .seconds(3_600)
        }
        let idle = try running.connect()
        try idle.send(Self.request)
        #expect(try !idle.readResponse().closes)
        let inRequest = try running.connect()
        try inRequest.send("GET /half HTTP/1.1\r\n")
        let inAnswer = try running.connect()
        try inAnswer.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        let ticket = try tickets.next()
        #expect(eventually { running.server.connectionCount == 3 })
        // Let in by the system; whether the loop has seen it yet must make no difference.
        let connecting = try (0..<20).map { _ in try running.connect() }

        let done = Inbox<Bool>()
        #expect(!running.server.isDraining)
        running.server.drain { done.put(true) }
        #expect(running.server.isDraining)

        for client in connecting { try client.send("GET /new HTTP/1.1\r\nHost: a\r\n\r\n") }
        for client in connecting {
            let response = try client.readResponse()
            #expect(response.text == "/new")
            #expect(try client.readToEnd() == [])
        }
        #expect(try idle.readToEnd() == [])
        try inRequest.send("Host: a\r\n\r\n")
        let half = try inRequest.readResponse()
        #expect(half.text == "/half" && half.closes)
        ticket.complete(with: .work { Response(text: "late") })
        let late = try inAnswer.readResponse()
        #expect(late.text == "late" && late.closes)
        #expect(try inRequest.readToEnd() == [])
        #expect(try inAnswer.readToEnd() == [])
        for client in connecting + [idle, inRequest, inAnswer] { client.close() }
        #expect(try done.next())
        #expect(running.server.connectionCount == 0)
        #expect(throws: RawClient.Failure.self) { try running.connect() }
    }

    @Test func `waits a while for the first request of a connection, and no longer`() throws {
        let running = try RunningServer(handler(Inbox())) {
            $0.firstRequestPatience = .milliseconds(100)
            $0.drainTimeout = .seconds(3_600)
        }
        let done = Inbox<Bool>()
        let silent = try running.connect()
        running.server.drain { done.put(true) }
        #expect(try silent.readToEnd() == [])
        silent.close()
        #expect(try done.next())
    }

    @Test func `lets nobody in while it finishes what is under way`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(handler(tickets)) { $0.drainTimeout = .seconds(3_600) }
        let client = try running.connect()
        try client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        let ticket = try tickets.next()
        running.server.drain {}
        #expect(eventually { (try? running.connect()) == nil })
        ticket.complete(with: .response(Response(text: "late")))
        #expect(try client.readResponse().text == "late")
    }

    @Test func `goes on as before during the delay`() throws {
        let running = try RunningServer(handler(Inbox())) { $0.drainDelay = .seconds(3_600) }
        running.server.drain {}
        #expect(running.server.isDraining)
        let client = try running.connect()
        for _ in 0..<3 {
            try client.send(Self.request)
            #expect(try !client.readResponse().closes)
        }
    }

    @Test func `begins after the delay`() throws {
        let running = try RunningServer(handler(Inbox())) { $0.drainDelay = .milliseconds(100) }
        let done = Inbox<Bool>()
        let client = try running.connect()
        try client.send(Self.request)
        _ = try client.readResponse()
        running.server.drain { done.put(true) }
        #expect(try client.readToEnd() == [])
        client.close()
        #expect(try done.next())
    }

    @Test func `cuts off what does not finish in time`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(handler(tickets)) { $0.drainTimeout = .milliseconds(200) }
        let client = try running.connect()
        try client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        let ticket = try tickets.next()
        let done = Inbox<Bool>()
        running.server.drain { done.put(true) }
        #expect(try done.next())
        #expect(try client.readToEnd() == [])
        #expect(ticket.isAbandoned)
        ticket.complete(with: .response(Response(text: "too late")))
    }

    @Test func `ends at once when nobody is connected, and once for all who ask`() throws {
        let running = try RunningServer(handler(Inbox()))
        let done = Inbox<Int>()
        running.server.drain { done.put(1) }
        running.server.drain { done.put(2) }
        #expect(Set([try done.next(), try done.next()]) == [1, 2])
    }

    @Test func `is cut short by a stop`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(handler(tickets))
        let client = try running.connect()
        try client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try tickets.next()
        let done = Inbox<Bool>()
        running.server.drain { done.put(true) }
        running.server.stop()
        #expect(try done.next())
        #expect(try client.readToEnd() == [])
    }
}
