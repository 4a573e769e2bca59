// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// Which pages may read an answer (Fetch, "HTTP CORS protocol").
enum CrossOrigin: Sendable {
    /// Every page, without credentials: public documents.
    case everyone
    /// The pages of the allowed origins, with credentials.
    case allowedOrigins
    /// None: proxies ask, and pass the fields on that a browser has sent to somebody else.
    case nobody
}

/// The CORS rules of one service.
struct CrossOriginRules: Sendable {
    var allowed: AllowedOrigins
    /// The issuer's own origin, whose pages send `Origin` with `POST` and need no permission.
    let own: [UInt8]

    /// What an `Origin` field of a request means.
    enum Verdict: Equatable {
        /// No page is involved.
        case none
        /// The page is the issuer's own.
        case own(String)
        /// The origin may read the answer.
        case allowed(String)
        /// The origin may not; the log says which setting would allow it.
        case refused(String)
    }

    func judge(_ head: RequestHead) -> Verdict {
        guard let origin = head.value(of: "origin") else { return .none }
        let text = String(decoding: origin.prefix(Self.maximumOriginByteCount), as: UTF8.self)
        guard origin != own else { return .own(text) }
        return allowed.contains(origin) ? .allowed(text) : .refused(text)
    }

    /// Adds the fields that let a page read `response`, or keep it from that.
    func mark(_ response: inout Response, for policy: CrossOrigin, _ verdict: Verdict) {
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

    /// Answers `OPTIONS`: 204 with `Allow`, and the permissions of a preflight if it is one.
    func options(
        allow: String, _ policy: CrossOrigin, _ head: RequestHead, _ verdict: Verdict
    ) throws(ServiceError) -> Response {
        var response = Response(
            status: 204, fields: [Response.Field("Allow", allow), Response.Field("Cache-Control", "no-store")])
        guard head.value(of: "origin") != nil, head.value(of: "access-control-request-method") != nil else {
            return response
        }
        if policy == .allowedOrigins, case .refused = verdict { throw .originNotAllowed }
        response.fields += [
            Response.Field("Access-Control-Allow-Methods", allow),
            Response.Field("Access-Control-Allow-Headers", "authorization, content-type, traceparent"),
            Response.Field("Access-Control-Max-Age", "600"),
        ]
        return response
    }

    private static let maximumOriginByteCount = 256
}
