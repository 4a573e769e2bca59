// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a request that can be routed, or why the server does not take it.
package enum RequestError: Error, Equatable, Sendable {
    // Theirs: bytes that RFC 9112 or the limits refuse.

    /// The request line, a field line or the framing breaks a rule of RFC 9112.
    case malformed(Malformation)
    /// The request line is longer than the limit.
    case targetTooLong(limitBytes: Int)
    /// A field line, all of them together, or their number is over a limit.
    case fieldsTooLarge
    /// The content is longer than the limit of its route.
    case bodyTooLarge(limitBytes: Int)
    /// The method is not one that the server knows.
    case unknownMethod
    /// A transfer coding other than `chunked`.
    case unknownTransferCoding
    /// HTTP of another major version.
    case unsupportedVersion
    /// An `Expect` other than `100-continue`.
    case expectationFailed
    /// An absolute-form target or `Host` that names a server this one is not.
    case misdirected
    /// The head or the content did not come in time.
    case timedOut

    // Ours, or the world's.

    /// No answer was made in time.
    case unanswered
    /// The answer that was made cannot be written.
    case failed
    /// More connections than the limit.
    case tooManyConnections

    /// The status that answers the error.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .timedOut: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectationFailed: 417
        case .misdirected: 421
        case .fieldsTooLarge: 431
        case .unanswered, .failed: 500
        case .unknownMethod, .unknownTransferCoding: 501
        case .tooManyConnections: 503
        case .unsupportedVersion: 505
        }
    }
}

/// Which rule a malformed request breaks; the sentence goes into `detail`, so that a developer can mend the client.
package enum Malformation: String, CaseIterable, Equatable, Sendable {
    case requestLine = "The request line is not METHOD SP target SP HTTP/1.x CRLF (RFC 9112 section 3)."
    case target = "The request target is not a valid URI reference (RFC 9112 section 3.2)."
    case version = "The HTTP version is not HTTP/1.x (RFC 9112 section 2.3)."
    case lineEnding = "A line does not end with CRLF (RFC 9112 section 2.2)."
    case field = "A field line is not name ':' value (RFC 9112 section 5)."
    case host = "Host is missing, repeated or malformed (RFC 9112 section 3.2)."
    case repeatedField = "A field that may stand once stands more than once (RFC 9110 section 5.3)."
    case contentLength = "Content-Length is malformed or repeated (RFC 9112 section 6.3)."
    case transferEncoding = "Transfer-Encoding is malformed, or not allowed here (RFC 9112 section 6.1)."
    case bothFramings = "Content-Length and Transfer-Encoding together (RFC 9112 section 6.1)."
    case unexpectedBody = "Content with TRACE or CONNECT, which have none (RFC 9110 section 9.3)."
    case chunk = "A chunk is malformed (RFC 9112 section 7.1)."
    case trailer = "A trailer field is malformed or forbidden (RFC 9110 section 6.5.1)."
    case notSecure = "This port speaks TLS; use https://."
    case incomplete = "The connection ended before the request did (RFC 9112 section 8)."
}
