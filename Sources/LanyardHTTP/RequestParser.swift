// SPDX-License-Identifier: Apache-2.0

/// Turns the bytes of one connection into requests, one after another (RFC 9112).
///
/// The answer does not depend on how the bytes are cut into pieces, and no byte behind a refusal is read as a request.
/// Scanning a head allocates nothing; the values of ``RequestHead`` are made when it is whole and right.
package struct RequestParser {
    private let limits: RequestLimits
    private var scanner = HeadScanner()
    private var emptyLines = 0
    private var refusal: (error: RequestError, outline: RequestOutline)?
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

    /// Returns what is known of the request that arrived in part, or that was refused.
    ///
    /// - Parameter unread: Everything that the connection holds unread.
    /// - Returns: The outline; after a refusal, the same each time.
    package func outline(of unread: Span<UInt8>) -> RequestOutline {
        if let refusal { return refusal.outline }
        return incoming.first.map { RequestOutline($0.head) } ?? RequestOutline(of: unread, limits)
    }

    /// Reads on.
    ///
    /// - Parameters:
    ///   - bytes: Everything the connection holds unread: what the last step did not consume, and what came since.
    ///   - prepared: Returns an answer that is ready for the request with this head, or `nil`; asked for a request without content,
    ///     before any value is made of its head.
    ///   - admit: Returns what is taken of a request with this head; asked once, when the head is whole, for a request that has
    ///     content or a fault.
    /// - Returns: What the bytes have led to, and how many to drop from their front. After `needMore` the rest waits for more bytes:
    ///   at most one incomplete head, which the limits bound. Content is consumed as it comes.
    package mutating func advance(
        over bytes: Span<UInt8>, prepared: (HeadLayout, Span<UInt8>) -> PreparedAnswer? = { _, _ in nil },
        admit: (RequestHead) -> Admission
    ) -> (step: Step, consumed: Int) {
        if let refusal { return (.refused(refusal.error), 0) }
        var start = 0
        do throws(RequestError) {
            if incoming.isEmpty { try skipEmptyLines(bytes, &start) }
            var index = start
            let step =
                incoming.isEmpty
                ? try readHead(bytes, &index, prepared: prepared, admit: admit)
                : try readContent(bytes, &index)
            return (step, index)
        } catch {
            refusal = (error, outline(of: bytes.extracting(start...)))
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
        admit: (RequestHead) -> Admission
    ) throws(RequestError) -> Step {
        let unread = bytes.extracting(index...)
        guard let layout = try scanner.scan(unread, limits) else { return .needMore }
        index += layout.end
        let framing = try BodyFraming(layout, of: unread)
        let expectation = layout.expectation(of: unread)
        if framing == .none, expectation != .unknown, let answer = prepared(layout, unread) {
            reset()
            return .prepared(answer, AnswerForm(layout))
        }
        let head = RequestHead(layout, of: unread)
        reset()
        let fault = Self.fault(of: head, expectation)
        guard framing != .none || fault != nil else { return .request(head, body: []) }
        let limitBytes: Int?
        switch admit(head) {
        case .content(let bytes):
            if let fault { throw fault }
            limitBytes = bytes
        case .anythingWithoutContent: limitBytes = nil
        }
        guard framing != .none else { return .request(head, body: []) }
        incoming.append(RequestContent(of: head, framing, limitBytes: limitBytes))
        try incoming[0].checkLength()
        return expectation == .continue && index == bytes.count ? .sendContinue(head) : try readContent(bytes, &index)
    }

    /// Returns what is wrong with a head that is well framed; only a handler that admits anything takes such a request.
    private static func fault(of head: RequestHead, _ expectation: HeadLayout.Expectation) -> RequestError? {
        if case .irregular = head.target { return .malformed(.target) }
        if head.method == .other { return .unknownMethod }
        return expectation == .unknown ? .expectationFailed : nil
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
