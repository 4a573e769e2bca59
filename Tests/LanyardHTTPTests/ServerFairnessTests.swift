// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import TestSupport
import Testing

@Suite struct `Servers with clients that never stop asking` {
    /// Clients that ask from within their own answers, so that there is always more to read, and others that ask once.
    ///
    /// Not for two threads at once: it is used by the test until its clients ask, and from then on by the loop.
    private final class Flood: RequestHandler, @unchecked Sendable {
        var clients: [RawClient] = []
        /// Makes those who ask once, at the height of the flood.
        var others: () throws -> [RawClient] = { [] }
        private var asking: [RawClient] = []
        private var missing = 0
        private var count = 0
        private let end = Inbox<Int>()

        func begin() throws {
            for index in clients.indices { try ask(2_000, on: index) }
        }

        /// How many answers the flood got while the others waited for theirs.
        func answersBeforeTheOthers() throws -> Int { try end.next() - Self.height }

        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: 0) }

        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(text: "\(error)")
        }

        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome {
            guard let index = Int(request.path.dropFirst()) else {
                missing -= 1
                if missing == 0 {
                    end.put(count)
                    clients = []
                }
                return .respond(Response(text: "other"))
            }
            count += 1
            if count % 50 == 0 { goOn(index) }
            if count == Self.height { askForOthers() }
            return .respond(Response(text: "flood"))
        }

        private func goOn(_ index: Int) {
            guard index < clients.count else { return }
            while clients[index].hasSomething(within: 0) { _ = try? clients[index].read() }
            try? ask(50, on: index)
        }

        private func askForOthers() {
            asking = (try? others()) ?? []
            missing = asking.count
            for client in asking { try? client.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n") }
        }

        private func ask(_ times: Int, on index: Int) throws {
            try clients[index].send(String(repeating: "GET /\(index) HTTP/1.1\r\nHost: a\r\n\r\n", count: times))
        }

        /// After so many answers a share of the loop that grew with the turns would be a large one.
        private static let height = 20_000
    }

    @Test func `answer those who are there in between`() throws {
        let flood = Flood()
        let running = try RunningServer(flood, loops: 1)
        let other = try running.connect()
        flood.others = { [other] }
        flood.clients = [try running.connect()]
        #expect(eventually { running.server.connectionCount == 2 })
        try flood.begin()
        #expect(try flood.answersBeforeTheOthers() < 1_000)
    }

    @Test func `let those in who come`() throws {
        let flood = Flood()
        let running = try RunningServer(flood, loops: 1)
        flood.clients = try (0..<20).map { _ in try running.connect() }
        flood.others = { try (0..<100).map { _ in try running.connect() } }
        #expect(eventually { running.server.connectionCount == 20 })
        try flood.begin()
        // With one of them a turn, the flood would get a hundred turns.
        #expect(try flood.answersBeforeTheOthers() < 20_000)
    }
}
