// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardHTTP

/// Which pages may read an answer (Fetch, "HTTP CORS protocol").
package enum CrossOrigin: Sendable {
    /// Every page, without credentials: public documents.
    case everyone
    /// The pages of the allowed origins, with credentials.
    case allowedOrigins
    /// None: proxies ask, and pass the fields on that a browser has sent to somebody else.
    case nobody
}

/// The CORS rules of one service.
package struct CrossOriginRules: Sendable {
    package var allowed: AllowedOrigins
    /// The issuer's own origin, whose pages send `Origin` with `POST` and need no permission.
    package let own: [UInt8]

    /// Creates the rules of a service whose own pages have the origin `own`.
    package init(allowed: AllowedOrigins, own: [UInt8]) {
        self.allowed = allowed
        self.own = own
    }

    /// What an `Origin` field of a request means.
    package enum Verdict: Equatable {
        /// No page is involved.
        case none
        /// The page is the issuer's own.
        case own(String)
        /// The origin may read the answer.
        case allowed(String)
        /// The origin may not; the log says which setting would allow it.
        case refused(String)
    }

    package func judge(_ head: RequestHead) -> Verdict {
        guard let origin = head.value(of: "origin") else { return .none }
        let text = String(decoding: origin.prefix(Self.maximumOriginByteCount), as: UTF8.self)
        guard origin != own else { return .own(text) }
        return allowed.contains(origin) ? .allowed(text) : .refused(text)
    }

    /// Adds the fields that let a page read `response`, or keep it from that.
    package func mark(_ response: inout Response, for policy: CrossOrigin, _ verdict: Verdict) {
        switch policy {
        case .everyone:
            response.fields.append(Response.Field("Access-Control-Allow-Origin", "*"))
            response.fields.append(Response.Field("Cross-Origin-Resource-Policy", "cross-origin"))
        case .nobody:
            response.fields.append(Response.Field("Cross-Origin-Resource-Policy", "same-origin"))
        case .allowedOrigins:
            // Said of every answer, so that no cache gives one origin's answer to another.
            response.fields.append(Response.Field("Vary", "Origin"))
            guard case .allowed(let origin) = verdict else {
                response.fields.append(Response.Field("Cross-Origin-Resource-Policy", "same-origin"))
                return
            }
            response.fields += [
                Response.Field("Access-Control-Allow-Origin", origin),
                Response.Field("Access-Control-Allow-Credentials", "true"),
                Response.Field("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After, X-Request-Id"),
                Response.Field("Cross-Origin-Resource-Policy", "cross-origin"),
            ]
        }
    }

    /// Answers `OPTIONS`: 204 with `Allow`, and the permissions of a preflight if it is one; `nil` for a preflight of a page
    /// that may not read the answer.
    package func options(
        allow: String, _ policy: CrossOrigin, _ head: RequestHead, _ verdict: Verdict
    ) -> Response? {
        var response = Response(
            status: 204, fields: [Response.Field("Allow", allow), Response.Field("Cache-Control", "no-store")])
        guard policy != .nobody, head.value(of: "origin") != nil, head.value(of: "access-control-request-method") != nil
        else {
            return response
        }
        if policy == .allowedOrigins, case .refused = verdict { return nil }
        response.fields += [
            Response.Field("Access-Control-Allow-Methods", allow), Response.Field("Access-Control-Max-Age", "600"),
        ]
        let names = Self.requestedNames(head)
        if !names.isEmpty {
            response.fields.append(Response.Field("Access-Control-Allow-Headers", names.joined(separator: ", ")))
        }
        return response
    }

    /// Returns the first of the field names that a page wants to send.
    ///
    /// Any will do: the origin is what is trusted, and pages send fields that nobody chose (`sentry-trace`, `baggage`).
    private static func requestedNames(_ head: RequestHead) -> [String] {
        let lines = head.values(of: "access-control-request-headers")
        let names = lines.lazy.flatMap { $0.split(separator: UInt8(ascii: ",")) }
            .map { String(decoding: $0, as: UTF8.self).trimmingBlanks }
        return Array(names.filter(\.isFieldName).prefix(maximumNameCount))
    }

    private static let maximumNameCount = 64

    private static let maximumOriginByteCount = 256
}

extension String {
    /// Whether the text is a token, as the names of fields are (RFC 9110 §5.6.2).
    fileprivate var isFieldName: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
