// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// What a parser made of the bytes of one connection, fed to it in pieces as a socket would.
package struct RequestTranscript: Equatable, Sendable {
    /// What one stretch of the bytes was.
    package enum Outcome: Equatable, Sendable {
        case accepted(RequestHead, body: [UInt8])
        case refused(RequestError)
        /// The bytes ended within a request.
        case more
        /// The bytes ended before a request began.
        case idle
    }

    /// What a parser may do with no bytes whatever.
    package enum Defect: Error {
        case consumedMoreThanThereIs, consumedNothing, wentOnAfterRefusal, tookTooMuchContent
        case sentContinueTwice, endIsNotAsThePhaseSays, answeredUnasked
    }

    /// Something that two transcripts may differ in.
    package struct Ignored<Value: Sendable>: Equatable, Sendable {
        package var value: Value
        package static func == (left: Self, right: Self) -> Bool { true }
    }

    /// Which limits a parser keeps.
    package struct Limits: Sendable {
        package var request = RequestLimits()
        /// The most bytes of content of each request.
        package var bodyBytes = 65_536

        package init(bodyBytes: Int = 65_536) {
            self.bodyBytes = bodyBytes
        }
    }

    /// The requests in their order, then what ended them.
    package private(set) var outcomes: [Outcome] = []
    /// How many times the parser asked for an interim answer; depends on the pieces, so it is not compared.
    package private(set) var continues = Ignored(value: 0)
    /// How many bytes were consumed when the last request was accepted.
    package private(set) var consumedByRequests = 0

    private var hasContinued = Ignored(value: false)

    /// Feeds `bytes` in pieces that end at `cuts`, and at the end of all.
    ///
    /// - Parameters:
    ///   - bytes: Everything that the client sends.
    ///   - cuts: Where pieces end, in ascending order.
    ///   - limits: What the parser may take.
    /// - Throws: ``Defect``.
    package init(of bytes: [UInt8], cutAt cuts: some Sequence<Int>, limits: Limits = Limits()) throws(Defect) {
        var parser = RequestParser(limits: limits.request)
        var start = 0
        for end in cuts { if try !read(bytes, &start, end, &parser, limits.bodyBytes) { return } }
        if try !read(bytes, &start, bytes.count, &parser, limits.bodyBytes) { return }
        guard (parser.phase == .idle) == (parser.endOfInput() == nil) else { throw .endIsNotAsThePhaseSays }
        if parser.phase != .idle {
            outcomes.append(.more)
        } else if outcomes.isEmpty {
            outcomes.append(.idle)
        }
    }

    /// Reads until the parser needs more, and returns whether it may be given more.
    private mutating func read(
        _ bytes: [UInt8], _ start: inout Int, _ end: Int, _ parser: inout RequestParser, _ limit: Int
    ) throws(Defect) -> Bool {
        while true {
            let unread = bytes.span.extracting(start..<end)
            let (step, consumed) = parser.advance(over: unread) { _ in .content(limitBytes: limit) }
            guard (0...unread.count).contains(consumed) else { throw .consumedMoreThanThereIs }
            start += consumed
            switch step {
            case .needMore: return true
            case .prepared: throw .answeredUnasked
            case .sendContinue:
                guard !hasContinued.value else { throw .sentContinueTwice }
                hasContinued.value = true
                continues.value += 1
            case .request(let head, let body):
                guard consumed > 0 else { throw .consumedNothing }
                guard body.count <= limit else { throw .tookTooMuchContent }
                hasContinued.value = false
                outcomes.append(.accepted(head, body: body))
                consumedByRequests = start
                if start == end { return true }
            case .refused(let error):
                outcomes.append(.refused(error))
                let again = parser.advance(over: bytes.span) { _ in .content(limitBytes: limit) }
                guard again == (.refused(error), 0), parser.endOfInput() == nil else { throw .wentOnAfterRefusal }
                return false
            }
        }
    }
}
