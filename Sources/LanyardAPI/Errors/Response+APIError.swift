// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// Answers to errors: the one place where a row of ``ErrorAnswer`` becomes bytes.
extension Response {
    /// Answers an error.
    ///
    /// - Parameters:
    ///   - error: What is not granted.
    ///   - form: The form of the route's errors.
    ///   - realm: The issuer, for the challenge that every 401 carries (RFC 9110 §15.5.2).
    ///   - id: The id of the request, which the log has too.
    init(for error: APIError, in form: ErrorForm, realm: String, id: RequestID) {
        let answer = ErrorAnswer(error)
        switch (form, answer.oauthStatus) {
        case (.oauth, let status?): self.init(oauth: answer, status: status, realm: realm)
        case (.proxy, _): self.init(problem: answer, status: error.statusForProxies, realm: realm, id: id)
        case (.oauth, nil), (.problem, _): self.init(problem: answer, status: answer.status, realm: realm, id: id)
        }
    }

    private init(problem answer: ErrorAnswer, status: Int, realm: String, id: RequestID) {
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

    private init(oauth answer: ErrorAnswer, status: Int, realm: String) {
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
