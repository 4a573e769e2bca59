// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardWeb

/// What answers one method of one path.
protocol Endpoint: Sendable {
    /// What is taken and given.
    var operation: Operation { get }

    /// What each `GET` is answered with, if that is the same for all; it changes only with the keys.
    var standingDocument: PublicDocument? { get }

    /// How errors are answered.
    var errorForm: ErrorForm { get }

    /// The fields that each response carries besides, those of errors included.
    var responseFields: [Response.Field] { get }

    /// Throws what the head alone decides; asked when a client waits with its content (RFC 9110 §10.1.1).
    func checkBeforeContent(_ head: RequestHead) throws(APIError)

    /// Answers `call`; runs on the loop from beginning to end.
    ///
    /// - Throws: What is not granted.
    func answer(_ call: Call) async throws(APIError) -> Answer
}

extension Endpoint {
    var standingDocument: PublicDocument? { nil }
    var errorForm: ErrorForm { .problem }
    var responseFields: [Response.Field] { [] }

    func checkBeforeContent(_ head: RequestHead) throws(APIError) {
        try RequestMembers.check(head, for: operation.content)
    }

    /// Returns the members of the request's content.
    func members(of request: Request) throws(APIError) -> RequestMembers {
        try RequestMembers(of: request, as: operation.content)
    }
}

/// A route of one of the interfaces.
typealias APIRoute = Route<any Endpoint>

extension Route<any Endpoint> {
    /// How errors are answered that no endpoint has met, or none of this method: as those of the route's other methods are.
    var errorForm: ErrorForm { endpoints.values.first?.errorForm ?? .problem }
}
