// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP

/// What a parser made of the bytes of one connection, fed to it in pieces as a socket would.
struct RequestTranscript: Equatable {
    enum Outcome: Equatable {
        case accepted(RequestHead, body: [UInt8])
        case refused(RequestError)
        /// The bytes ended within a request.
        case more
        /// The bytes ended before a request began.
        case idle
    }

    var outcomes: [Outcome] = []
    /// How many times the parser asked for an interim answer; depends on the pieces, so it is not compared.
    var continues = Ignored(0)
    /// How many bytes were consumed when the last request was accepted.
    var consumedByRequests = 0

    /// A value that two transcripts may differ in.
    struct Ignored: Equatable {
        var value: Int
        init(_ value: Int) { self.value = value }
        static func == (left: Self, right: Self) -> Bool { true }
    }

    enum Defect: Error {
        case consumedMoreThanThereIs, wentOnAfterRefusal, consumedNothing, answeredUnasked
    }

    /// Feeds `bytes` in pieces that end at `cuts`, and at the end of all.
    init(of bytes: [UInt8], cutAt cuts: some Sequence<Int>, bodyLimit: Int = 65_536) throws {
        var parser = RequestParser()
        var start = 0
        for end in cuts { if try !read(bytes, &start, end, &parser, bodyLimit) { return } }
        if try !read(bytes, &start, bytes.count, &parser, bodyLimit) { return }
        if parser.phase != .idle {
            outcomes.append(.more)
        } else if outcomes.isEmpty {
            outcomes.append(.idle)
        }
    }

    /// Reads until the parser needs more, and returns whether it may be given more.
    private mutating func read(
        _ bytes: [UInt8], _ start: inout Int, _ end: Int, _ parser: inout RequestParser, _ limit: Int
    ) throws -> Bool {
        while true {
            let unread = bytes.span.extracting(start..<end)
            let (step, consumed) = parser.advance(over: unread) { _ in limit }
            guard (0...unread.count).contains(consumed) else { throw Defect.consumedMoreThanThereIs }
            start += consumed
            switch step {
            case .needMore: return true
            case .prepared: throw Defect.answeredUnasked
            case .sendContinue: continues.value += 1
            case .request(let head, let body):
                guard consumed > 0 else { throw Defect.consumedNothing }
                outcomes.append(.accepted(head, body: body))
                consumedByRequests = start
                if start == end { return true }
            case .refused(let error):
                outcomes.append(.refused(error))
                let again = parser.advance(over: bytes.span) { _ in limit }
                guard again == (.refused(error), 0) else { throw Defect.wentOnAfterRefusal }
                return false
            }
        }
    }
}
