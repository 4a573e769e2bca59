// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// Answers to errors: the one place where a row of ``ErrorAnswer`` becomes bytes.
extension Response {
    /// Answers an error as a problem (RFC 9457).
    ///
    /// - Parameters:
    ///   - error: What is not granted.
    ///   - realm: The issuer, for the challenge that every 401 carries (RFC 9110 §15.5.2).
    ///   - id: The id of the request, which the log has too.
    ///   - isForProxy: Whether a proxy asks that knows few statuses.
    init(for error: ServiceError, realm: String, id: RequestID, isForProxy: Bool = false) {
        let answer = ErrorAnswer(error)
        let status = isForProxy ? error.statusForProxies : answer.status
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "about:blank")
        writer.member("title", ReasonPhrase.of(status))
        writer.member("status", Int64(status))
        writer.member("detail", answer.detail)
        writer.member("instance", "urn:uuid:\(id)")
        writer.member("error", answer.word)
        writer.endObject()
        self.init(
            status: status, mediaType: "application/problem+json", writer.finish(), answer, answer.challenge, realm)
    }

    /// Answers an error in the form of OAuth (RFC 6749 §5.2); `nil` if OAuth has no word for it.
    init?(oauth error: ServiceError, realm: String) {
        let answer = ErrorAnswer(error)
        guard let status = answer.oauthStatus else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("error", answer.word)
        writer.member("error_description", answer.detail)
        writer.endObject()
        // Only a 401 challenges.
        let challenge = status == 401 ? answer.challenge : nil
        self.init(status: status, mediaType: "application/json", writer.finish(), answer, challenge, realm)
    }

    private init(
        status: Int, mediaType: String, _ body: [UInt8], _ answer: ErrorAnswer, _ challenge: ErrorAnswer.Challenge?,
        _ realm: String
    ) {
        self.init(status: status, body: body)
        fields = [Field("Content-Type", mediaType), Field("Cache-Control", "no-store")] + answer.fields
        if let challenge { fields.append(Field("WWW-Authenticate", challenge.text(realm: realm))) }
        // What is 503 to a proxy alone goes away by itself as well.
        if let seconds = answer.retryAfterSeconds ?? (status == 503 ? 1 : nil) {
            fields.append(Field("Retry-After", String(seconds)))
        }
    }

    /// Answers with a JSON document that must not be stored.
    init(json: [UInt8], status: Int = 200) {
        self.init(
            status: status,
            fields: [Field("Content-Type", "application/json"), Field("Cache-Control", "no-store")], body: json)
    }
}

extension ErrorAnswer.Challenge {
    /// The value of `WWW-Authenticate`.
    fileprivate func text(realm: String) -> String {
        switch self {
        case .bearer: "Bearer realm=\"\(realm)\""
        case .bearerInvalidToken:
            "Bearer realm=\"\(realm)\", error=\"invalid_token\", error_description=\"\(ErrorAnswer.invalidTokenDetail)\""
        case .bearerInsufficientScope: "Bearer realm=\"\(realm)\", error=\"insufficient_scope\""
        case .basic: "Basic realm=\"\(realm)\""
        }
    }
}
