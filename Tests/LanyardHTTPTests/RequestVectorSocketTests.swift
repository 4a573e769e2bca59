// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// Every file of `Tests/Vectors/http` over a real connection, with a request behind it that may be smuggled.
@Suite struct `Request vectors on a socket` {
    @Test func `are answered, and nothing behind a refusal is`() throws {
        try forEachBatch { conversations, running in
            let clients = try conversations.map { conversation in
                let client = try running.connect()
                try client.send(conversation.bytes)
                return client
            }
            for (client, conversation) in zip(clients, conversations) {
                try conversation.expectAnswers(from: client, "in one piece")
            }
        }
    }

    /// What is prepared for the root leaves without a value being made of the head, and must come to the same requests.
    @Test func `are answered the same where an answer is prepared`() throws {
        let answer = PreparedAnswer(
            Response(status: 200, fields: [.init("Prepared", "yes")], body: Array("content".utf8)))
        var preparedCount = 0
        try forEachBatch(prepared: answer) { conversations, running in
            for conversation in conversations {
                let client = try running.connect()
                try client.send(conversation.bytes)
                preparedCount += try conversation.expectAnswers(from: client, "with a prepared answer")
            }
        }
        #expect(preparedCount > 40)
    }

    @Test(arguments: 1...3)
    func `are answered the same in pieces`(round: Int) throws {
        try forEachBatch { conversations, running in
            let clients = try conversations.map { _ in try running.connect() }
            var pieces = conversations.map { conversation in
                var random = NameSeededGenerator(seed: "\(conversation.name) \(round)")
                return random.pieces(of: conversation.bytes)[...]
            }
            // In turns, so that what comes of one connection is read before its next piece is there.
            while pieces.contains(where: { !$0.isEmpty }) {
                for index in pieces.indices {
                    guard let piece = pieces[index].popFirst() else { continue }
                    do {
                        try clients[index].send(piece)
                    } catch RawClient.Failure.reset where conversations[index].mayBeReset {
                        pieces[index] = []
                    }
                }
            }
            for (client, conversation) in zip(clients, conversations) {
                try conversation.expectAnswers(from: client, "in pieces, round \(round)")
            }
        }
    }

    /// Calls `body` with some vectors of one limit at a time, and a server that keeps it.
    private func forEachBatch(
        prepared: PreparedAnswer? = nil, _ body: ([RequestVectorConversation], RunningServer) throws -> Void
    ) throws {
        let all = try RequestVector.names.map { try RequestVectorConversation(named: $0) }
        for (limit, group) in Dictionary(grouping: all, by: \.vector.limits.bodyBytes) {
            let handler = RequestVectorConversation.Handler(limitBytes: limit, prepared: prepared)
            let running = try RunningServer(handler) { configuration in
                // On a machine with much to do the rest of a request may come late.
                configuration.lingerTimeout = .seconds(3_600)
                configuration.headerTimeout = .seconds(3_600)
                configuration.bodyTimeout = .seconds(3_600)
            }
            for start in stride(from: 0, to: group.count, by: Self.batch) {
                try body(Array(group[start..<min(start + Self.batch, group.count)]), running)
            }
        }
    }

    private static let batch = 32
}

extension NameSeededGenerator {
    /// Cuts `bytes` at two to six places.
    fileprivate mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let cuts = (0..<Int.random(in: 2...6, using: &self)).map { _ in Int.random(in: 0...bytes.count, using: &self) }
        var pieces: [[UInt8]] = []
        var start = 0
        for end in cuts.sorted() + [bytes.count] where end > start {
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }
}
