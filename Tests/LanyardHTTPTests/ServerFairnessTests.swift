// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Servers with a client that never stops asking` {
    /// Asks again and again on one connection, from within its own answers, so that there is always more to read.
    ///
    /// Not for two threads at once: it is used by the loop, and before that by the test.
    private final class Flood: RequestHandler, @unchecked Sendable {
        var client: RawClient?
        var other: RawClient?
        private var count = 0
        private let waited = Inbox<Int>()
        private var askedAt = 0

        func ask(_ times: Int) throws {
            try client?.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: times))
        }

        /// How many answers the flood got while the other client waited for its one.
        func answersBeforeTheOther() throws -> Int { try waited.next() }

        func bodyLimit(for head: RequestHead) -> Int { 0 }

        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(text: "\(error)")
        }

        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome {
            guard request.path == "/" else {
                waited.put(count - askedAt)
                client = nil
                return .respond(Response(text: "other"))
            }
            count += 1
            if count % 50 == 0 {
                while let client, client.hasSomething(within: 0) { _ = try? client.read() }
                try? ask(50)
            }
            if count == Self.enough {
                askedAt = count
                try? other?.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            return .respond(Response(text: "flood"))
        }

        /// After so many answers a share of the loop that grew with the turns would be a large one.
        private static let enough = 20_000
    }

    @Test func `answer the others in between`() throws {
        let flood = Flood()
        let running = try RunningServer(flood, loops: 1)
        flood.other = try running.connect()
        flood.client = try running.connect()
        #expect(eventually { running.server.connectionCount == 2 })
        try flood.ask(2_000)
        #expect(try flood.answersBeforeTheOther() < 1_000)
    }
}
