// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

extension ServiceError {
    /// Whether OAuth has a word for the error, so that its endpoints tell it in the form of OAuth (RFC 6749 §5.2).
    ///
    /// What HTTP has a status for is told as everywhere.
    var isOfOAuth: Bool {
        switch self {
        case .invalidRequest, .invalidTarget, .invalidScope, .scopeNotGranted, .invalidGrant, .invalidToken, .abandoned,
            .invalidClient, .unauthorizedClient, .unsupportedTokenType, .unsupportedGrantType:
            true
        case .wrongCredentials, .unauthenticated, .password, .originNotAllowed, .siteNotAllowed, .insufficientRole,
            .otherAudience, .unreadableQuery, .notFound, .methodNotAllowed, .unsupportedMediaType, .formExpected,
            .unsupportedContentCoding, .preconditionFailed, .notAcceptable, .notImplemented, .refused, .rateLimited,
            .overloaded, .storeUnavailable, .storeFailed, .staleKeys, .draining, .internal:
            false
        }
    }
}

extension Response {
    /// Answers an error in the form of OAuth (RFC 6749 §5.2).
    init(oauth error: ServiceError, realm: String, id: RequestID) {
        self.init(for: error, realm: realm, id: id)
        if error == .invalidGrant {
            // A refresh token authenticates nobody, so there is nothing to challenge.
            status = 400
            fields.removeAll { $0.name == "WWW-Authenticate" }
        }
        let problem = Problem(error)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("error", problem.word)
        writer.member("error_description", problem.detail)
        writer.endObject()
        body = writer.finish()
        fields.removeAll { $0.name == "Content-Type" }
        fields.append(Field("Content-Type", "application/json"))
    }
}
