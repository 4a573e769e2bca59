// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

extension Response {
    /// Answers an error: the one place where what a request means meets a status code.
    ///
    /// - Parameters:
    ///   - error: What is not granted.
    ///   - realm: The issuer, for the challenge that every 401 carries (RFC 9110 §15.5.2).
    ///   - id: The id of the request, which the log has too.
    ///   - isForProxy: Whether a proxy asks that knows few statuses.
    init(for error: ServiceError, realm: String, id: RequestID, isForProxy: Bool = false) {
        let problem = isForProxy ? Problem(forProxies: error) : Problem(error)
        self.init(status: problem.status, body: problem.json(instance: id))
        fields = [Field("Content-Type", "application/problem+json"), Field("Cache-Control", "no-store")]
        switch error {
        case .wrongCredentials, .invalidGrant, .unauthenticated:
            // RFC 6750 §3.1: who has presented no token is not told that one is wrong.
            fields.append(Field("WWW-Authenticate", "Bearer realm=\"\(realm)\""))
        case .invalidToken:
            // RFC 6750 §3.1.
            let description = Problem.invalidTokenDetail
            fields.append(
                Field(
                    "WWW-Authenticate",
                    "Bearer realm=\"\(realm)\", error=\"invalid_token\", error_description=\"\(description)\""))
        case .insufficientRole:
            // RFC 6750 §3.1: a role is to this service what a scope is to others.
            fields.append(Field("WWW-Authenticate", "Bearer realm=\"\(realm)\", error=\"insufficient_scope\""))
        case .invalidClient:
            // RFC 6749 §5.2: the challenge is of the scheme that the client used, and of forms there is none.
            fields.append(Field("WWW-Authenticate", "Basic realm=\"\(realm)\""))
        case .methodNotAllowed(let allow):
            fields.append(Field("Allow", allow))
        case .unsupportedMediaType:
            // RFC 9110 §15.5.16: says which types would have been read.
            fields.append(Field("Accept", "application/json, application/x-www-form-urlencoded"))
        case .formExpected:
            fields.append(Field("Accept", "application/x-www-form-urlencoded"))
        case .unsupportedContentCoding:
            // RFC 9110 §12.5.3: says that the coding, not the type, is what is not read.
            fields.append(Field("Accept-Encoding", "identity"))
        case .overloaded, .draining, .refused(.tooManyConnections):
            fields.append(Field("Retry-After", "1"))
        case .storeUnavailable, .storeFailed, .staleKeys:
            fields.append(Field("Retry-After", "2"))
        case .rateLimited(let seconds):
            fields.append(Field("Retry-After", String(seconds)))
        case .invalidRequest, .invalidTarget, .invalidScope, .unsupportedGrantType, .scopeNotGranted,
            .unauthorizedClient, .unsupportedTokenType, .originNotAllowed, .siteNotAllowed, .otherAudience,
            .unreadableQuery, .notFound, .preconditionFailed, .notAcceptable, .notImplemented, .abandoned, .refused,
            .password, .internal:
            break
        }
        // What is 503 to a proxy alone goes away by itself as well.
        if status == 503, !fields.contains(where: { $0.name == "Retry-After" }) {
            fields.append(Field("Retry-After", "1"))
        }
    }

    /// Answers with a JSON document that must not be stored.
    init(json: [UInt8], status: Int = 200) {
        self.init(
            status: status,
            fields: [Field("Content-Type", "application/json"), Field("Cache-Control", "no-store")], body: json)
    }
}

extension Problem {
    /// The problem as the JSON of RFC 9457 §3.1, with the stable word as `error`.
    func json(instance id: RequestID) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "about:blank")
        writer.member("title", ReasonPhrase.of(status))
        writer.member("status", Int64(status))
        writer.member("detail", detail)
        writer.member("instance", "urn:uuid:\(id)")
        writer.member("error", word)
        writer.endObject()
        return writer.finish()
    }
}
