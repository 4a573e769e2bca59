// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardPasswords

/// How an error is told to a client: a status, a stable word, and a sentence for the developer (RFC 9457).
struct Problem: Equatable {
    /// The status code.
    let status: Int
    /// The stable word, `error`.
    let word: String
    /// What is wrong this time, in one sentence.
    let detail: String

    init(_ status: Int, _ word: String, _ detail: String) {
        self.status = status
        self.word = word
        self.detail = detail
    }

    init(_ error: ServiceError) {
        switch error {
        case .invalidRequest(let detail): self.init(400, "invalid_request", detail)
        case .invalidTarget: self.init(400, "invalid_target", "This audience may not be asked for here.")
        case .invalidScope: self.init(400, "invalid_scope", "Not every role that was asked for is held.")
        case .wrongCredentials: self.init(401, "invalid_credentials", "The account or the password is wrong.")
        case .invalidGrant:
            self.init(401, "invalid_grant", "The refresh token is not valid, or its session is over. Log in again.")
        case .invalidToken: self.init(401, "invalid_token", Self.invalidTokenDetail)
        case .unauthenticated:
            self.init(401, "invalid_token", "An access token is needed, as Authorization: Bearer.")
        case .password(let error): self.init(refused: error)
        case .invalidClient:
            self.init(401, "invalid_client", "The client is not known here, or has not given its secret.")
        case .unauthorizedClient:
            self.init(400, "unauthorized_client", "The client lanyard has no secret, and gets tokens by a login alone.")
        case .unsupportedTokenType:
            self.init(
                400, "unsupported_token_type", "A client cannot revoke its own token; an operator can.")
        case .rateLimited:
            self.init(429, "rate_limited", "Too many tries have failed. Wait as long as Retry-After says.")
        case .unsupportedGrantType:
            self.init(400, "unsupported_grant_type", "The grant types are: refresh_token, client_credentials.")
        case .scopeNotGranted: self.init(400, "invalid_scope", "No scope was granted, so none can be asked for.")
        case .originNotAllowed: self.init(403, "origin_not_allowed", "This origin may not call the service.")
        case .siteNotAllowed:
            self.init(
                403, "origin_not_allowed",
                "A page on another site cannot use cookies, and no setting allows it. Use delivery body there.")
        case .insufficientRole:
            self.init(403, "insufficient_role", "The access token does not carry every role that is needed here.")
        case .otherAudience: self.init(403, "invalid_target", "The access token is for another audience.")
        case .unreadableQuery:
            self.init(
                403, "insufficient_role", "The query cannot be read: /verify takes role and audience, each repeatable.")
        case .notFound: self.init(404, "not_found", "There is nothing at this path.")
        case .methodNotAllowed(let allow):
            self.init(405, "method_not_allowed", "This path answers \(allow).")
        case .unsupportedMediaType:
            self.init(
                415, "unsupported_media_type", "Send application/json in UTF-8, or application/x-www-form-urlencoded.")
        case .formExpected:
            self.init(415, "unsupported_media_type", "Send application/x-www-form-urlencoded in UTF-8.")
        case .unsupportedContentCoding:
            self.init(415, "unsupported_media_type", "Send the content as it is, without Content-Encoding.")
        case .preconditionFailed:
            self.init(412, "precondition_failed", "The document is not the one that If-Match names.")
        case .notAcceptable(let detail): self.init(406, "not_acceptable", detail)
        case .notImplemented(let detail): self.init(501, "not_implemented", detail)
        case .abandoned:
            self.init(
                400, "invalid_request", "The connection was closed before the refresh was decided. Keep it open.")
        case .refused(let error): self.init(refused: error)
        case .overloaded: self.init(503, "overloaded", "Too much waits already. Try again soon.")
        case .storeUnavailable, .storeFailed, .staleKeys:
            self.init(503, "store_unavailable", "The store does not answer. Try again soon.")
        case .draining: self.init(503, "draining", "This process is about to end. Another one will answer.")
        case .internal: self.init(500, "internal", "The service failed. Its log has the request id.")
        }
    }

    /// The same with a status that proxies pass on.
    init(forProxies error: ServiceError) {
        let problem = Self(error)
        self.init(error.statusForProxies, problem.word, problem.detail)
    }

    /// Also in the challenge, so without quotes and backslashes (RFC 6750 §3).
    static let invalidTokenDetail = "The access token is missing, not valid, or of another session."

    private init(refused error: PasswordPolicyError) {
        switch error {
        case .tooLong(let maximum):
            self.init(422, "password_too_long", "A password has at most \(maximum) characters.")
        case .tooShort(let minimum):
            self.init(422, "password_too_short", "A password has at least \(minimum) characters.")
        case .forbiddenCharacter:
            self.init(422, "password_blocked", "The new password has a control character, or one that Unicode lacks.")
        case .blocked:
            self.init(
                422, "password_blocked",
                "The new password is among those that are guessed first, is a simple pattern, or is the old one.")
        }
    }

    private init(refused error: RequestError) {
        let status = error.status
        switch error {
        case .malformed(let rule): self.init(status, "invalid_request", rule.rawValue)
        case .targetTooLong(let limit): self.init(status, "uri_too_long", "The request line is over \(limit) bytes.")
        case .fieldsTooLarge: self.init(status, "header_too_large", "The header fields are over a limit.")
        case .bodyTooLarge(let limit): self.init(status, "content_too_large", "The content is over \(limit) bytes.")
        case .unknownMethod: self.init(status, "not_implemented", "The method is not known here.")
        case .unknownTransferCoding:
            self.init(status, "not_implemented", "The only transfer coding known here is chunked.")
        case .unsupportedVersion: self.init(status, "http_version_not_supported", "Speak HTTP/1.1.")
        case .expectationFailed: self.init(status, "expectation_failed", "The only expectation known is 100-continue.")
        case .misdirected: self.init(status, "misdirected_request", "This is another server than the request names.")
        case .timedOut: self.init(status, "request_timeout", "The request did not come in time.")
        case .unanswered, .failed: self.init(status, "internal", "The service failed. Its log has the request id.")
        case .tooManyConnections: self.init(status, "overloaded", "Too many connections. Try again soon.")
        }
    }
}
