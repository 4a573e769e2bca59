// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// Why a ``TLSSession`` failed.
package enum TLSFailure: Equatable, Sendable {
    /// The peer sent an HTTP request without TLS.
    case plainHTTP
    /// The peer, or one side for the other, broke off; `reason` is OpenSSL's name for it, such as `no shared cipher`.
    case protocolError(reason: String)
    /// The peer's certificate was refused; `reason` is OpenSSL's, such as `certificate has expired`.
    case untrusted(reason: String)

    /// Reads the reason from this thread's error queue, which the caller clears.
    @unsafe static func last(of ssl: OpaquePointer) -> Self {
        let code = ERR_peek_error()
        let isOfLibssl = ERR_GET_LIB(code) == ERR_LIB_SSL
        if isOfLibssl, ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST { return .plainHTTP }
        if isOfLibssl, ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED {
            return unsafe .untrusted(reason: text(X509_verify_cert_error_string(SSL_get_verify_result(ssl))))
        }
        return unsafe .protocolError(reason: text(ERR_reason_error_string(code)))
    }

    private static func text(_ reason: UnsafePointer<CChar>?) -> String {
        unsafe reason.map { unsafe String(cString: $0) } ?? "unknown error"
    }
}
