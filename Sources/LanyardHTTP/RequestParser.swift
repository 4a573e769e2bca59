// SPDX-License-Identifier: Apache-2.0

/// Turns the bytes of one connection into requests, one after another (RFC 9112).
///
/// The answer does not depend on how the bytes are cut into pieces, and no byte behind a refusal is read as a request.
/// Scanning a head allocates nothing; the values of ``RequestHead`` are made when it is whole and right.
package struct RequestParser {
    private let limits: RequestLimits
    private var scanner = HeadScanner()
    private var emptyLines = 0
    private var refusal: RequestError?
    /// The request whose content is coming in, one or none; in an array, so that an idle connection pays one word for it.
    private var incoming: [RequestContent] = []

    /// Creates a parser for a new connection.
    package init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
    }

    /// How far the current request has come.
    package enum Phase: Equatable, Sendable {
        /// No byte of a request has come; empty lines before one do not count.
        case idle
        /// The request line or the fields are coming in.
        case head
        /// The head is whole, and its content is coming in.
        case body
    }

    /// How far the current request has come; after a refusal, how far it had come.
    package var phase: Phase {
        if !incoming.isEmpty { return .body }
        return scanner.isPristine && refusal == nil ? .idle : .head
    }

    /// What the bytes have led to.
    package enum Step: Equatable, Sendable {
        /// More bytes are needed.
        case needMore
        /// The client waits for ``ResponseEncoder/continueInterim`` before it sends the content.
        ///
        /// Comes at most once a request: the head is whole, content follows, and none of it is here. Write the interim answer
        /// and go on, or a final one and close.
        case sendContinue(RequestHead)
        /// A whole request, the chunks of its content joined; the parser is ready for the next.
        case request(RequestHead, body: [UInt8])
        /// A whole request without content that an answer is ready for; the parser is ready for the next.
        case prepared(PreparedAnswer, AnswerForm)
        /// No request; to be answered, and the connection closed. Every further step says the same.
        case refused(RequestError)
    }

    /// The head of the request whose content is coming in, or was coming in when it was refused.
    package var headOfContent: RequestHead? { incoming.first?.head }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: Everything the connection holds unread: what the last step did not consume, and what came since.
    ///   - prepared: Returns an answer that is ready for the request with this head, or `nil`; asked for a request without content,
    ///     before any value is made of its head.
    ///   - bodyLimit: The most bytes of content that a request with this head may have; asked once for a request with content,
    ///     when its head is whole.
    ///   - discardsContent: Whether the content of a request with this head is of no interest: then any method may have some, of any
    ///     length, none of it is kept, and no expectation is unknown.
    /// - Returns: What the bytes have led to, and how many to drop from their front. After `needMore` the rest waits for more bytes:
    ///   at most one incomplete head, which the limits bound. Content is consumed as it comes.
    package mutating func advance(
        over bytes: Span<UInt8>, prepared: (HeadLayout, Span<UInt8>) -> PreparedAnswer? = { _, _ in nil },
        bodyLimit: (RequestHead) -> Int, discardsContent: (RequestHead) -> Bool = { _ in false }
    ) -> (step: Step, consumed: Int) {
        if let refusal { return (.refused(refusal), 0) }
        do throws(RequestError) {
            var index = 0
            let step =
                incoming.isEmpty
                ? try readHead(
                    bytes, &index, prepared: prepared, bodyLimit: bodyLimit, discardsContent: discardsContent)
                : try readContent(bytes, &index)
            return (step, index)
        } catch {
            refusal = error
            return (.refused(error), 0)
        }
    }

    /// Whether the parser holds nothing that a new one would not.
    package var isPristine: Bool { phase == .idle && emptyLines == 0 && refusal == nil }

    /// Returns what is wrong when the peer sends no more bytes: nothing between requests or after a refusal.
    package func endOfInput() -> RequestError? {
        phase == .idle || refusal != nil ? nil : .malformed(.incomplete)
    }

    private mutating func readHead(
        _ bytes: Span<UInt8>, _ index: inout Int, prepared: (HeadLayout, Span<UInt8>) -> PreparedAnswer?,
        bodyLimit: (RequestHead) -> Int, discardsContent: (RequestHead) -> Bool
    ) throws(RequestError) -> Step {
        try skipEmptyLines(bytes, &index)
        let unread = bytes.extracting(index...)
        guard let layout = try scanner.scan(unread, limits) else { return .needMore }
        index += layout.end
        let framing = try BodyFraming(layout, of: unread)
        let expectation = layout.expectation(of: unread)
        if framing == .none, expectation != .unknown, let answer = prepared(layout, unread) {
            reset()
            return .prepared(answer, AnswerForm(layout))
        }
        let head = try RequestHead(layout, of: unread)
        reset()
        guard framing != .none || expectation == .unknown || head.method == .other else {
            return .request(head, body: [])
        }
        let isDiscarded = discardsContent(head)
        guard head.method != .other || isDiscarded else { throw .unknownMethod }
        guard expectation != .unknown || isDiscarded else { throw .expectationFailed }
        guard framing != .none else { return .request(head, body: []) }

        // RFC 9110 §9.3.1: content where none is defined "might lead some implementations to reject the request … because of
        // its potential as a request smuggling attack".
        guard head.method.definesContent || isDiscarded else { throw .malformed(.unexpectedBody) }
        incoming.append(RequestContent(of: head, framing, limitBytes: isDiscarded ? nil : bodyLimit(head)))
        try incoming[0].checkLength()
        return expectation == .continue && index == bytes.count ? .sendContinue(head) : try readContent(bytes, &index)
    }

    private mutating func reset() {
        scanner = HeadScanner()
        emptyLines = 0
    }

    private mutating func readContent(_ bytes: Span<UInt8>, _ index: inout Int) throws(RequestError) -> Step {
        guard try incoming[0].take(bytes, from: &index, limits) else { return .needMore }
        let content = incoming[0]
        incoming = []
        return .request(content.head, body: content.bytes)
    }

    /// Steps over empty lines before a request line (RFC 9112 §2.2): old clients send one behind content.
    ///
    /// Once a request has begun there is nothing to step over, for its first byte is no CR.
    private mutating func skipEmptyLines(_ bytes: Span<UInt8>, _ index: inout Int) throws(RequestError) {
        while index + 1 < bytes.count, bytes[index] == .carriageReturn, bytes[index + 1] == .lineFeed {
            guard emptyLines < limits.emptyLines else { throw .malformed(.requestLine) }
            emptyLines += 1
            index += 2
        }
    }
}
