// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// A path and what it answers.
package struct Route<Endpoint: Sendable>: Sendable {
    /// The path below the issuer, beginning with `/`; its last segment may be `{id}`, which stands for any id.
    package let path: String
    /// The endpoint of each method; `HEAD` goes to that of `GET`.
    package let endpoints: [LanyardHTTP.Method: Endpoint]
    /// Which pages may read the answers.
    package var crossOrigin = CrossOrigin.allowedOrigins
    /// What a browser may do with the answers.
    package var contentPolicy = ContentPolicy.data
    /// What is taken of a request.
    package var admission = Admission.ordinary
    /// Whether every path below this one goes to the route as well, whatever its characters.
    package var hasPathsBelow = false

    /// Creates a route whose answers the pages of allowed origins may read.
    package init(_ path: String, _ endpoints: [LanyardHTTP.Method: Endpoint]) {
        self.path = path
        self.endpoints = endpoints
    }

    /// Returns the endpoint that answers `method`.
    package func endpoint(for method: LanyardHTTP.Method) -> Endpoint? {
        endpoints[method == .head ? .get : method]
    }

    /// The value of `Allow` (RFC 9110 §10.2.1).
    package var allow: String { Self.allow(of: [self]) }

    /// The methods that one of `routes` answers, as a value of `Allow`.
    package static func allow(of routes: [Route]) -> String {
        let methods = LanyardHTTP.Method.allCases.filter { method in
            method == .options || routes.contains { $0.endpoint(for: method) != nil }
        }
        return methods.map(\.rawValue).joined(separator: ", ")
    }
}

extension Admission {
    /// What is taken where a route says nothing else, and on unknown paths before they are answered.
    package static let ordinary = Admission.content(limitBytes: 65_536)
}
