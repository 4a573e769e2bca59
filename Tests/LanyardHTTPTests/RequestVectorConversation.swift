// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport
import Testing

/// A vector on a connection of its own, with a further request behind it, and what must come back.
struct RequestVectorConversation {
    let name: String
    let vector: RequestVector
    let bytes: [UInt8]
    let statuses: [Int]
    /// Whether the server closes of itself behind the last answer.
    let isClosed: Bool
    /// What the handler must have been given, request by request.
    private let seen: [String]
    private let methods: [Method]
    /// Whether what is refused behind the requests, or never comes to its end, is HEAD: then the refusal has no content.
    private let isRefusedHead: Bool

    init(named name: String) throws {
        self.name = name
        vector = try RequestVector(named: name)
        let whole = try RequestTranscript(of: vector.bytes, cutAt: [], limits: vector.limits)
        var requests: [(Method, String)] = whole.outcomes.compactMap {
            guard case .accepted(let head, let body) = $0 else { return nil }
            return (head.method, Self.summary(of: head, body))
        }
        var statuses = requests.map { _ in 200 }
        var bytes = vector.bytes
        var isClosed = true
        if !vector.keepsAlive {
            // RFC 9112 §9.6: nothing behind a request with `close` is answered, be it right or wrong.
            requests = Array(requests.prefix(1))
            statuses = [200]
            bytes += Self.behind
        } else if case .refuse(let status, _) = vector.expected.last {
            statuses.append(status)
            bytes += Self.behind
        } else if vector.expected.last == .more {
            statuses.append(400)
        } else if vector.isAccepted {
            requests.append((.get, try Self.summaryOfBehind()))
            statuses.append(200)
            bytes += Self.behind
            isClosed = false
        }
        self.bytes = bytes
        self.statuses = statuses
        self.isClosed = isClosed
        seen = requests.map(\.1)
        methods = requests.map(\.0)
        isRefusedHead = vector.bytes.dropFirst(whole.consumedByRequests).starts(with: "HEAD ".utf8)
    }

    /// Whether the bytes end within a request or before one, so that only the end of the client's half is answered.
    var endsOpen: Bool { vector.expected.last == .more || vector.expected.last == .idle }

    /// Whether the client sends although it said that it would not; the answer to what it asked before is all it is owed.
    ///
    /// RFC 9112 §9.6: a client that sends `close` must not send further requests.
    var mayBeReset: Bool { !vector.keepsAlive }

    /// Reads what comes back, and expects it to be what must; returns how many of the answers were prepared ones.
    @discardableResult
    func expectAnswers(from client: RawClient, _ circumstances: String) throws -> Int {
        if endsOpen { client.endSending() }
        var preparedCount = 0
        for (index, status) in statuses.enumerated() {
            let isHead = index < methods.count ? methods[index] == .head : isRefusedHead
            var response = try client.readResponse(hasBody: !isHead)
            if response.status == 100, vector.asksToContinue { response = try client.readResponse(hasBody: !isHead) }
            #expect(response.status == status, "\(name) \(circumstances)")
            let isLast = index == statuses.count - 1
            #expect(response.closes == (isLast && isClosed), "\(name) \(circumstances)")
            if response["prepared"] == "yes" {
                preparedCount += 1
            } else if index < seen.count {
                #expect(response["seen"] == seen[index], "\(name) \(circumstances)")
            }
        }
        if !isClosed { client.endSending() }
        let rest: [UInt8]
        do {
            rest = try client.readToEnd()
        } catch RawClient.Failure.reset where mayBeReset {
            rest = []
        }
        #expect(rest == [], "\(name) \(circumstances): \(String(decoding: rest, as: UTF8.self))")
        return preparedCount
    }

    /// Answers with a summary of the request that was understood, or with what is prepared for the root.
    struct Handler: RequestHandler {
        let limitBytes: Int
        var prepared: PreparedAnswer?

        func admit(_ head: RequestHead) -> Admission { .content(limitBytes: limitBytes) }

        func preparedAnswer(to head: HeadLayout, of bytes: Span<UInt8>) -> PreparedAnswer? {
            guard head.method == .get || head.method == .head else { return nil }
            return head.asks(for: Array("/".utf8), of: bytes) ? prepared : nil
        }

        func respond(to request: Request, ticket: ExchangeTicket) -> Outcome {
            let fields = [Response.Field("Seen", summary(of: request.head, request.body))]
            return .respond(Response(status: 200, fields: fields, body: Array("content".utf8)))
        }

        func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response {
            Response(status: error.status, body: Array("\(error)".utf8))
        }
    }

    private static let behind = Array("GET /behind HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

    private static func summaryOfBehind() throws -> String {
        guard case .accepted(let head, let body) = try RequestTranscript(of: behind, cutAt: []).outcomes.first else {
            throw RequestVector.Mistake.badValue("behind")
        }
        return summary(of: head, body)
    }

    /// The whole request in a few characters (FNV-1a).
    private static func summary(of head: RequestHead, _ body: [UInt8]) -> String {
        let bytes = Array("\(head)".utf8) + body
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\(head.method.rawValue) \(head.fields.count) \(body.count) \(String(hash, radix: 16))"
    }
}
