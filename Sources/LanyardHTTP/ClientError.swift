// SPDX-License-Identifier: Apache-2.0

/// Why ``Client`` has no answer.
package enum ClientError: Error, Equatable, Sendable {
    // The caller's.

    /// The text is no URL with an authority, or one with user information.
    case malformedURL
    /// The scheme is one that the client does not speak.
    case unsupportedScheme
    /// What is to be trusted cannot be used.
    case unusableTrust(TLSConfigurationError)

    // The world's.

    /// The name of the host has no address.
    case unknownHost
    /// No address of the host took the connection; `code` is the `errno` of the last one.
    case unreachable(code: Int32)
    /// The answer was not whole in time.
    case timedOut
    /// The connection ended before the answer did.
    case disconnected

    // The server's.

    /// The server's certificate is not believed; `reason` is OpenSSL's, such as `certificate has expired`.
    case untrusted(reason: String)
    /// TLS failed in another way; `reason` is OpenSSL's, such as `wrong version number` where nobody speaks TLS.
    case tlsFailed(reason: String)
    /// The answer breaks a rule of RFC 9112.
    case malformedAnswer
    /// The answer has more content than the client takes.
    case answerTooLarge(limitBytes: Int)
}
