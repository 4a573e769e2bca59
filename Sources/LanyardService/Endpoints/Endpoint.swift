// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// What answers one method of one path.
protocol Endpoint: Sendable {
    /// What each `GET` is answered with, if that does not depend on who asks; the same until the keys change.
    var standingDocument: PublicDocument? { get }

    /// Throws what the head of a request alone decides, before its content is sent.
    func check(_ head: RequestHead) throws(ServiceError)

    /// Whether errors are answered in the form of OAuth where it has a word for them (RFC 6749 §5.2).
    var answersInOAuth: Bool { get }

    /// What each response carries besides, those of errors included.
    var responseFields: [Response.Field] { get }

    /// Answers `call`; runs on the loop from beginning to end.
    ///
    /// - Throws: What is not granted.
    func answer(_ call: Call) async throws(ServiceError) -> Answer
}

extension Endpoint {
    var standingDocument: PublicDocument? { nil }
    var answersInOAuth: Bool { false }
    var responseFields: [Response.Field] { [] }

    func check(_ head: RequestHead) throws(ServiceError) {}
}

/// A path and what it answers.
struct Route: Sendable {
    /// The path below the issuer, beginning with `/`; its last segment may be `{id}`, which stands for any id.
    let path: String
    /// Which pages may read the answers.
    let crossOrigin: CrossOrigin
    /// What a browser may do with the answers.
    let contentPolicy: ContentPolicy
    /// What is taken of a request.
    let admission: Admission
    /// Whether proxies ask here before they pass a request on: with any method, at any path below, with content that nobody reads, and
    /// they are answered by statuses that they do not take for a failure.
    let isForProxies: Bool
    /// The endpoint of each method; `HEAD` goes to that of `GET`.
    let endpoints: [LanyardHTTP.Method: any Endpoint]

    init(
        _ path: String, _ endpoints: [LanyardHTTP.Method: any Endpoint], crossOrigin: CrossOrigin = .allowedOrigins,
        contentPolicy: ContentPolicy = .data, admission: Admission = Route.ordinaryAdmission
    ) {
        self.path = path
        self.endpoints = endpoints
        self.crossOrigin = crossOrigin
        self.contentPolicy = contentPolicy
        self.admission = admission
        isForProxies = false
    }

    /// Creates a route for proxies.
    init(forProxies path: String, _ endpoint: any Endpoint) {
        self.path = path
        endpoints = Dictionary(uniqueKeysWithValues: LanyardHTTP.Method.allCases.map { ($0, endpoint) })
        crossOrigin = .nobody
        contentPolicy = .data
        admission = .anythingWithoutContent
        isForProxies = true
    }

    func endpoint(for method: LanyardHTTP.Method) -> (any Endpoint)? {
        endpoints[method == .head ? .get : method]
    }

    /// What is taken where a route says nothing else, and on unknown paths before they are answered.
    static let ordinaryAdmission = Admission.content(limitBytes: 65_536)

    /// The value of `Allow` (RFC 9110 §10.2.1).
    var allow: String { Self.allow(of: [self]) }

    /// The methods that one of `routes` answers, as a value of `Allow`.
    static func allow(of routes: [Route]) -> String {
        var methods = LanyardHTTP.Method.allCases.filter { method in
            routes.contains { $0.endpoint(for: method) != nil }
        }
        methods.append(.options)
        return methods.map(\.rawValue).joined(separator: ", ")
    }
}
