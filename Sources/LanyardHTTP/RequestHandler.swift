// SPDX-License-Identifier: Apache-2.0

/// What a ``Server`` asks of the program behind it.
///
/// All calls come on a loop and must not block.
package protocol RequestHandler: Sendable {
    /// Returns the most bytes of content that a request with this head may have; more is refused with 413.
    ///
    /// Called when the head is complete, before any content is read.
    func bodyLimit(for head: RequestHead) -> Int

    /// Answers a request, or takes its ticket to answer it later.
    func respond(to request: Request, ticket: ExchangeTicket) -> Outcome

    /// Returns the answer to bytes that are not a request, or to a limit of the server that was met.
    ///
    /// The answer carries `id` as `X-Request-Id`.
    func refusal(of error: RequestError, id: RequestID) -> Response
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
}
