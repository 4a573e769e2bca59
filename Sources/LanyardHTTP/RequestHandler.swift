// SPDX-License-Identifier: Apache-2.0

/// What a ``Server`` asks of the program behind it.
///
/// Each loop has its own. All calls come on that loop and must not block.
package protocol RequestHandler: Sendable {
    /// Returns what is taken of a request with this head.
    ///
    /// Called once when the head is complete, before any content is read, if the request has content or its head is one that is
    /// refused otherwise.
    func admit(_ head: RequestHead) -> Admission

    /// Returns an answer that is ready for the request with this head, or `nil`.
    ///
    /// Asked first, for every request without content. It is the way of answers that are asked for more than all others together:
    /// it costs no allocation, so nothing is read of the request but what ``HeadLayout`` tells.
    func preparedAnswer(to head: HeadLayout, of bytes: Span<UInt8>) -> PreparedAnswer?

    /// Returns the final answer to a request that will not be granted whatever its content is, or `nil`.
    ///
    /// Asked when a client waits for leave to send the content (RFC 9110 §10.1.1), so the request has none yet.
    func refusalBeforeContent(of request: Request) -> Response?

    /// Answers a request, or takes its ticket to answer it later.
    func respond(to request: Request, ticket: ExchangeTicket) -> Outcome

    /// Returns the answer to bytes that are not a request, or to a limit of the server that was met.
    ///
    /// - Parameters:
    ///   - error: What is wrong.
    ///   - head: The head of the request, as far as it is known (``RequestOutline``); its fields may be incomplete.
    ///   - id: What the answer carries as `X-Request-Id`.
    /// - Returns: The answer, behind which the connection is closed.
    func refusal(of error: RequestError, head: RequestHead?, id: RequestID) -> Response

    /// Takes note of a bug that the engine has met, and that it has survived; for the log.
    ///
    /// - Parameters:
    ///   - fault: The rule that was broken.
    ///   - id: The id of the request that the connection was answering, if one is known.
    func report(_ fault: EngineFault, id: RequestID?)
}

extension RequestHandler {
    /// No answer is ready.
    package func preparedAnswer(to head: HeadLayout, of bytes: Span<UInt8>) -> PreparedAnswer? { nil }

    /// Every request may send its content.
    package func refusalBeforeContent(of request: Request) -> Response? { nil }

    /// No fault is noted.
    package func report(_ fault: EngineFault, id: RequestID?) {}
}

/// What a handler does with a request at once.
package enum Outcome: Sendable {
    /// The answer, made from memory.
    case respond(Response)
    /// The ticket is kept and will be completed exactly once.
    case pending
}

/// How a pending exchange is completed.
package enum Completion: Sendable {
    /// The answer is made.
    case response(Response)
    /// The answer needs work that takes a core (a signature). The loop runs one of these a turn, after all cheap events.
    case work(@Sendable () -> Response)
    /// The request goes on on the loop, in a turn of its own as work has: it is answered, or its ticket is kept for longer.
    case step(@Sendable () -> Outcome)
}
