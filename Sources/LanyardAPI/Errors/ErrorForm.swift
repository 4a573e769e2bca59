// SPDX-License-Identifier: Apache-2.0

/// How the errors of a route are answered.
enum ErrorForm: Sendable {
    /// As a problem (RFC 9457).
    case problem
    /// In the form of OAuth where it has a word for the error (RFC 6749 §5.2), else as a problem.
    case oauth
    /// As a problem with a status that a proxy passes on: 401, 403, 429 or 503.
    case proxy
}
