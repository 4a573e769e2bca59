// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardWeb

/// One request on its way through an endpoint.
struct Call: Sendable {
    /// The request.
    let request: Request
    /// The exchange that it began.
    let ticket: ExchangeTicket
    /// The rules for pages of other origins, as the loop has them.
    private let crossOrigin: CrossOriginRules

    init(_ request: Request, _ ticket: ExchangeTicket, _ crossOrigin: CrossOriginRules) {
        self.request = request
        self.ticket = ticket
        self.crossOrigin = crossOrigin
    }

    /// The page that has sent the request, if one has.
    var page: RequestingPage { RequestingPage(request.head, crossOrigin) }

    /// Whether the client has closed its side of the connection.
    var isAbandoned: Bool { ticket.isAbandoned }
}

/// What an endpoint answers a call with.
enum Answer: Sendable {
    /// A response that is made.
    case response(Response)
    /// A response that takes a core to make: its loop makes one such a turn.
    ///
    /// If the keys have gone stale when its turn comes, it waits for them and is made again.
    case work(@Sendable () throws(APIError) -> Response)
    /// The same, with something to do before it leaves, be it made or not.
    case workThen(
        @Sendable () throws(APIError) -> Response,
        @Sendable (_ made: Result<Response, APIError>) async throws(APIError) -> Response)
}
