// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Tasks on an event loop` {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Goes on from another queue, as stores and password lanes do.
    private static func elsewhere() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume() }
        }
    }

    @Test func `begin at once and go on on their loop after each wait`() throws {
        let running = try RunningServer(
            ScriptedHandler { _, ticket in
                let hasBegun = Guarded(false)
                ticket.loop.begin {
                    hasBegun.withLock { $0 = true }
                    for _ in 0..<100 {
                        // Traps elsewhere.
                        ticket.loop.checkIsConfined()
                        await Self.elsewhere()
                    }
                    ticket.loop.checkIsConfined()
                    ticket.complete(with: .response(Response(text: "done")))
                }
                #expect(hasBegun.withLock { $0 })
                return .pending
            }, loops: 2)
        let clients = try (0..<20).map { _ in try running.connect() }
        for client in clients { try client.send(Self.request) }
        for client in clients { #expect(try client.readResponse().text == "done") }
    }

    @Test func `run to their end at once if they wait for nothing`() throws {
        let running = try RunningServer(
            ScriptedHandler { _, ticket in
                let text = Guarded("")
                ticket.loop.begin {
                    await Self.nothing()
                    text.withLock { $0 = "ended" }
                }
                return .respond(Response(text: text.withLock { $0 }))
            })
        let client = try running.connect()
        try client.send(Self.request)
        #expect(try client.readResponse().text == "ended")
    }

    private static func nothing() async {}

    @Test func `may begin others, which begin at once as well`() throws {
        let running = try RunningServer(
            ScriptedHandler { _, ticket in
                ticket.loop.begin {
                    await Self.elsewhere()
                    let hasBegun = Guarded(false)
                    ticket.loop.begin {
                        hasBegun.withLock { $0 = true }
                        await Self.elsewhere()
                        ticket.loop.checkIsConfined()
                    }
                    ticket.complete(with: .response(Response(text: "\(hasBegun.withLock { $0 })")))
                }
                return .pending
            })
        let client = try running.connect()
        try client.send(Self.request)
        #expect(try client.readResponse().text == "true")
    }

    @Test func `come to their end after that of their loop, still on its queue`() throws {
        let (begun, ended) = (Inbox<ExchangeTicket>(), Inbox<Bool>())
        let goOn = Guarded<CheckedContinuation<Void, Never>?>(nil)
        let running = try RunningServer(
            ScriptedHandler { _, ticket in
                ticket.loop.begin {
                    await withCheckedContinuation { continuation in goOn.withLock { $0 = continuation } }
                    ticket.loop.checkIsConfined()
                    await Self.elsewhere()
                    ticket.loop.checkIsConfined()
                    ticket.complete(with: .response(Response(text: "late")))
                    ended.put(ticket.isAbandoned)
                }
                begun.put(ticket)
                return .pending
            }, loops: 1)
        let client = try running.connect()
        try client.send(Self.request)
        _ = try begun.next()
        running.server.stop()
        #expect(try client.readToEnd().isEmpty)
        goOn.withLock { $0 }?.resume()
        #expect(try ended.next())
    }
}
