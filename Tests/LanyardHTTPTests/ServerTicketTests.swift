// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Server tickets` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A server of one loop that keeps every ticket for the test.
    private func keeper(
        _ tickets: Inbox<ExchangeTicket>, configure: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        let handler = ScriptedHandler { request, ticket in
            tickets.put(ticket)
            return .pending
        }
        return try RunningServer(handler, loops: 1, configure: configure)
    }

    @Test func `lets cheap requests pass while work waits, one piece of work a turn`() throws {
        let started = Guarded(0)
        let first = DispatchSemaphore(value: 0)
        let goOn = DispatchSemaphore(value: 0)
        let tickets = Inbox<ExchangeTicket>()
        let running = try RunningServer(
            ScriptedHandler { request, ticket in
                guard request.path == "/work" else {
                    return .respond(Response(text: "\(started.withLock(\.self))"))
                }
                tickets.put(ticket)
                return .pending
            }, loops: 1)
        let workers = try (0..<20).map { _ in try running.connect() }
        for worker in workers { try worker.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n") }
        let kept = try workers.map { _ in try tickets.next() }
        let cheap = try running.connect()
        try cheap.send(Self.request)
        #expect(try cheap.readResponse().text == "0")

        for ticket in kept {
            ticket.complete(
                with: .work {
                    let isFirst = started.withLock { started in
                        started += 1
                        return started == 1
                    }
                    if isFirst {
                        first.signal()
                        _ = goOn.wait(timeout: .now() + .seconds(20))
                    }
                    return Response(text: "done")
                })
        }
        #expect(first.wait(timeout: .now() + .seconds(20)) == .success)
        // The loop is in the first piece of work. What is sent now lies in its socket when the piece is done.
        try cheap.send(Self.request)
        goOn.signal()
        #expect(try cheap.readResponse().text == "1")
        for worker in workers { #expect(try worker.readResponse().text == "done") }
        #expect(started.withLock(\.self) == 20)
    }

    @Test func `drops a completion whose client has gone, even when its slot is used again`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try keeper(tickets)
        let gone = try running.connect()
        try gone.send(Self.request)
        let late = try tickets.next()
        #expect(!late.isAbandoned)
        gone.reset()
        #expect(eventually { late.isAbandoned })
        #expect(eventually { running.server.connectionCount == 0 })

        let next = try running.connect()
        try next.send(Self.request)
        let own = try tickets.next()
        late.complete(with: .work { Response(text: "somebody else's") })
        own.complete(with: .response(Response(text: "own")))
        #expect(try next.readResponse().text == "own")
    }

    @Test func `knows a client that has closed while it waits`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try keeper(tickets)
        let client = try running.connect()
        try client.send(Self.request)
        let ticket = try tickets.next()
        client.close()
        #expect(eventually { ticket.isAbandoned })
        ticket.complete(with: .response(Response(text: "for nobody")))
        #expect(eventually { running.server.connectionCount == 0 })
    }

    @Test func `never runs work for a client that has gone`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try keeper(tickets)
        let ran = Guarded(0)
        let gone = try running.connect()
        try gone.send(Self.request)
        let ticket = try tickets.next()
        gone.reset()
        #expect(eventually { running.server.connectionCount == 0 })
        ticket.complete(
            with: .work {
                ran.withLock { $0 += 1 }
                return Response(text: "")
            })
        let other = try running.connect()
        try other.send(Self.request)
        try tickets.next().complete(with: .work { Response(text: "other") })
        #expect(try other.readResponse().text == "other")
        #expect(ran.withLock(\.self) == 0)
    }

    @Test func `answers 500 when a ticket is kept too long, and drops what comes later`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try keeper(tickets) { $0.answerTimeout = .milliseconds(100) }
        let client = try running.connect()
        try client.send(Self.request + Self.request)
        let response = try client.readResponse()
        #expect(response.status == 500)
        #expect(response.text == "\(RequestError.unanswered)")
        #expect(response.closes)
        let ticket = try tickets.next()
        #expect(ticket.isAbandoned)
        ticket.complete(with: .response(Response(text: "late")))
        #expect(try client.readToEnd() == [])
    }

    @Test func `reads nothing while an answer is awaited`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let running = try keeper(tickets)
        let client = try running.connect()
        try client.send(Self.request)
        let first = try tickets.next()
        try client.send(Self.request)
        let other = try running.connect()
        try other.send(Self.request)
        // The third request is handled after the second was sent; the second must not have been.
        let third = try tickets.next()
        third.complete(with: .response(Response(text: "third")))
        #expect(try other.readResponse().text == "third")
        #expect(!client.hasSomething(within: 0))
        first.complete(with: .response(Response(text: "first")))
        #expect(try client.readResponse().text == "first")
        try tickets.next().complete(with: .response(Response(text: "second")))
        #expect(try client.readResponse().text == "second")
    }

    /// A server of one loop that keeps the tickets of `/pending`, and what it reports as its fault.
    private func faulty(
        _ tickets: Inbox<ExchangeTicket>, _ faults: Inbox<EngineFault>
    ) throws -> RunningServer {
        let handler = ScriptedHandler(faults: faults) { request, ticket in
            guard request.path == "/pending" else { return .respond(Response(text: "alive")) }
            tickets.put(ticket)
            return .pending
        }
        return try RunningServer(handler, loops: 1)
    }

    private static let pending = "GET /pending HTTP/1.1\r\nHost: a\r\n\r\n"

    private func expectServing(_ running: RunningServer) throws {
        let other = try running.connect()
        try other.send(Self.request)
        #expect(try other.readResponse().text == "alive")
    }

    @Test func `closes the connection, and that one alone, when an exchange is completed twice`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let faults = Inbox<EngineFault>()
        let running = try faulty(tickets, faults)
        let client = try running.connect()
        try client.send(Self.pending + Self.pending)
        let first = try tickets.next()
        first.complete(with: .response(Response(text: "once")))
        let second = try tickets.next()
        // Now a second answer to the first request would be one to the second.
        first.complete(with: .response(Response(text: "twice")))
        #expect(try faults.next() == .completedTwice)
        #expect(try client.readResponse().text == "once")
        #expect(try client.readToEnd() == [])
        #expect(eventually { second.isAbandoned })
        second.complete(with: .response(Response(text: "nobody reads this")))
        try expectServing(running)
        #expect(faults.isEmpty)
    }

    @Test func `closes the connection when work is completed again before its turn`() throws {
        let tickets = Inbox<ExchangeTicket>()
        let faults = Inbox<EngineFault>()
        let running = try faulty(tickets, faults)
        let goOn = DispatchSemaphore(value: 0)
        let busy = try running.connect()
        try busy.send(Self.pending)
        let busyTicket = try tickets.next()
        let client = try running.connect()
        try client.send(Self.pending)
        let ticket = try tickets.next()
        // The loop is held in one piece of work, so that both completions of the other come together.
        let ran = Guarded(0)
        busyTicket.complete(
            with: .work {
                _ = goOn.wait(timeout: .now() + .seconds(20))
                return Response(text: "busy")
            })
        for _ in 0..<2 {
            ticket.complete(
                with: .work {
                    ran.withLock { $0 += 1 }
                    return Response(text: "twice")
                })
        }
        goOn.signal()
        #expect(try faults.next() == .completedTwice)
        #expect(try busy.readResponse().text == "busy")
        #expect(try client.readToEnd() == [])
        #expect(ran.withLock(\.self) == 0)
        try expectServing(running)
    }

    @Test func `sends 500 in place of a response that cannot be written`() throws {
        let faults = Inbox<EngineFault>()
        let handler = ScriptedHandler(faults: faults) { request, _ in
            .respond(Response(status: 200, fields: [.init("X", request.path == "/" ? "fine" : "a\r\nb: c")]))
        }
        let running = try RunningServer(handler, loops: 1)
        let client = try running.connect()
        try client.send("GET /split HTTP/1.1\r\nHost: a\r\n\r\n" + Self.request)
        let response = try client.readResponse()
        #expect(response.status == 500)
        #expect(response.text == "\(RequestError.failed)")
        #expect(try faults.next() == .unwritableResponse(.fieldValue(name: "X")))
        #expect(try client.readResponse()["x"] == "fine")
    }

    @Test func `lets a process end well that completes once`() async {
        await #expect(processExitsWith: .success) {
            let running = try RunningServer(
                ScriptedHandler { _, ticket in
                    ticket.complete(with: .response(Response(text: "once")))
                    return .pending
                }, loops: 1)
            let client = try running.connect()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            guard try client.readResponse().text == "once" else { fatalError("no answer") }
        }
    }
}
