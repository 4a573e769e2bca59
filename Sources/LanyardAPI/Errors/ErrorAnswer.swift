// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardPasswords

/// How one error is answered: one row of the table of errors.
struct ErrorAnswer: Equatable {
    /// The status code.
    let status: Int
    /// The stable word, `error`.
    let word: String
    /// What is wrong this time, in one sentence for the developer.
    let detail: String
    /// How the client is asked to authenticate itself.
    var challenge: Challenge?
    /// How long until another try is worth making.
    var retryAfterSeconds: Int64?
    /// Fields that say what would have been accepted.
    var fields: [Response.Field] = []
    /// The status at the endpoints of OAuth, which answer the error in the form of RFC 6749 §5.2; `nil` if OAuth has no word
    /// for it, so that it is answered as everywhere.
    var oauthStatus: Int?

    /// What `WWW-Authenticate` asks for (RFC 9110 §11.6.1).
    enum Challenge: Equatable {
        /// An access token, of which none was presented, or anything else that is no token (RFC 6750 §3.1).
        case bearer
        /// Another access token.
        case bearerInvalidToken
        /// An access token with more roles, which are to this service what scopes are to others.
        case bearerInsufficientScope
        /// The secret of a client (RFC 6749 §5.2).
        case basic
    }

    private init(
        _ status: Int, _ word: String, _ detail: String, _ challenge: Challenge? = nil,
        retryAfterSeconds: Int64? = nil, fields: [Response.Field] = [], oauthStatus: Int? = nil
    ) {
        self.status = status
        self.word = word
        self.detail = detail
        self.challenge = challenge
        self.retryAfterSeconds = retryAfterSeconds
        self.fields = fields
        self.oauthStatus = oauthStatus
    }

    /// Also in the challenge, so without quotes and backslashes (RFC 6750 §3).
    static let invalidTokenDetail = "The access token is missing, not valid, or of another session."

    /// The row of `error`; every error has one, ordered by status.
    init(_ error: APIError) {
        switch error {
        // 400
        case .invalidRequest(let detail): self.init(400, "invalid_request", detail, oauthStatus: 400)
        case .abandoned:
            self.init(
                400, "invalid_request", "The connection was closed before the refresh was decided. Keep it open.",
                oauthStatus: 400)
        case .invalidTarget:
            self.init(400, "invalid_target", "This audience may not be asked for here.", oauthStatus: 400)
        case .invalidScope:
            self.init(400, "invalid_scope", "Not every role that was asked for is held.", oauthStatus: 400)
        case .scopeNotGranted:
            self.init(400, "invalid_scope", "No scope was granted, so none can be asked for.", oauthStatus: 400)
        case .unauthorizedClient:
            self.init(
                400, "unauthorized_client", "The client lanyard has no secret, and gets tokens by a login alone.",
                oauthStatus: 400)
        case .unsupportedTokenType:
            self.init(
                400, "unsupported_token_type", "A client cannot revoke its own token; an operator can.",
                oauthStatus: 400)
        case .unsupportedGrantType:
            self.init(
                400, "unsupported_grant_type", "The grant types are: refresh_token, client_credentials.",
                oauthStatus: 400)

        // 401
        case .wrongCredentials:
            self.init(401, "invalid_credentials", "The account or the password is wrong.", .bearer)
        case .invalidGrant:
            // RFC 6749 §5.2 has 400, without a challenge: a refresh token authenticates nobody.
            self.init(
                401, "invalid_grant", "The refresh token is not valid, or its session is over. Log in again.",
                .bearer, oauthStatus: 400)
        case .invalidToken:
            self.init(401, "invalid_token", Self.invalidTokenDetail, .bearerInvalidToken, oauthStatus: 401)
        case .unauthenticated:
            self.init(401, "invalid_token", "An access token is needed, as Authorization: Bearer.", .bearer)
        case .invalidClient:
            self.init(
                401, "invalid_client", "The client is not known here, or has not given its secret.", .basic,
                oauthStatus: 401)

        // 403
        case .originNotAllowed: self.init(403, "origin_not_allowed", "This origin may not call the service.")
        case .siteNotAllowed:
            self.init(
                403, "origin_not_allowed",
                "A page on another site cannot use cookies, and no setting allows it. Use delivery body there.")
        case .insufficientRole:
            self.init(
                403, "insufficient_role", "The access token does not carry every role that is needed here.",
                .bearerInsufficientScope)
        case .unreadableQuery:
            self.init(
                403, "insufficient_role", "The query cannot be read: /verify takes role and audience, each repeatable.")
        case .otherAudience: self.init(403, "invalid_target", "The access token is for another audience.")

        // 404 to 429
        case .notFound: self.init(404, "not_found", "There is nothing at this path.")
        case .methodNotAllowed(let allow):
            self.init(405, "method_not_allowed", "This path answers \(allow).", fields: [.init("Allow", allow)])
        case .notAcceptable(let detail): self.init(406, "not_acceptable", detail)
        case .preconditionFailed:
            self.init(412, "precondition_failed", "The document is not the one that If-Match names.")
        case .unsupportedMediaType:
            // RFC 9110 §15.5.16: says which types would have been read.
            self.init(
                415, "unsupported_media_type", "Send application/json in UTF-8, or application/x-www-form-urlencoded.",
                fields: [.init("Accept", "application/json, application/x-www-form-urlencoded")])
        case .formExpected:
            self.init(
                415, "unsupported_media_type", "Send application/x-www-form-urlencoded in UTF-8.",
                fields: [.init("Accept", "application/x-www-form-urlencoded")])
        case .unsupportedContentCoding:
            // RFC 9110 §12.5.3: says that the coding, not the type, is what is not read.
            self.init(
                415, "unsupported_media_type", "Send the content as it is, without Content-Encoding.",
                fields: [.init("Accept-Encoding", "identity")])
        case .password(let error): self.init(error)
        case .rateLimited(let seconds):
            self.init(
                429, "rate_limited", "Too many tries have failed. Wait as long as Retry-After says.",
                retryAfterSeconds: seconds)

        // 500 to 503
        case .internal: self.init(500, "internal", "The service failed. Its log has the request id.")
        case .notImplemented(let detail): self.init(501, "not_implemented", detail)
        case .overloaded: self.init(503, "overloaded", "Too much waits already. Try again soon.", retryAfterSeconds: 1)
        case .draining:
            self.init(503, "draining", "This process is about to end. Another one will answer.", retryAfterSeconds: 1)
        case .storeUnavailable, .storeFailed, .staleKeys:
            self.init(503, "store_unavailable", "The store does not answer. Try again soon.", retryAfterSeconds: 2)

        case .refused(let error): self.init(error)
        }
    }

    private init(_ error: PasswordPolicyError) {
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

    private init(_ error: RequestError) {
        let status = error.status
        switch error {
        case .malformed(let rule): self.init(status, "invalid_request", rule.rawValue)
        case .timedOut: self.init(status, "request_timeout", "The request did not come in time.")
        case .bodyTooLarge(let limit): self.init(status, "content_too_large", "The content is over \(limit) bytes.")
        case .targetTooLong(let limit): self.init(status, "uri_too_long", "The request line is over \(limit) bytes.")
        case .expectationFailed: self.init(status, "expectation_failed", "The only expectation known is 100-continue.")
        case .misdirected: self.init(status, "misdirected_request", "This is another server than the request names.")
        case .fieldsTooLarge: self.init(status, "header_too_large", "The header fields are over a limit.")
        case .unanswered, .failed: self.init(status, "internal", "The service failed. Its log has the request id.")
        case .unknownMethod: self.init(status, "not_implemented", "The method is not known here.")
        case .unknownTransferCoding:
            self.init(status, "not_implemented", "The only transfer coding known here is chunked.")
        case .tooManyConnections:
            self.init(status, "overloaded", "Too many connections. Try again soon.", retryAfterSeconds: 1)
        case .unsupportedVersion: self.init(status, "http_version_not_supported", "Speak HTTP/1.1.")
        }
    }
}
