// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// What every session of one side shares, with the rules that hold for both sides.
///
/// The C type is `SSL_CTX`.
@safe final class TLSContextHandle: @unchecked Sendable {
    // @unchecked Sendable because its owner changes `context` before anybody else has it, and OpenSSL counts references to
    // it and makes sessions from it on any thread (openssl-threads(7)).
    private let context: OpaquePointer
    private let ticketKeys = TLSTicketKeys()
    /// The one certificate that is believed, if it is one.
    private var trusted: TLSCertificate?

    /// Which side of a connection the sessions are.
    enum Side {
        case client
        case server
    }

    /// Makes a context that speaks TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3 (RFC 9325 §3, §4).
    init(_ side: Side) throws(TLSConfigurationError) {
        // libssl would take itself down when the process exits, under threads that still use it.
        OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
        let method = unsafe side == .server ? TLS_server_method() : TLS_client_method()
        guard let context = unsafe SSL_CTX_new(method) else { throw .lastLibraryError() }
        unsafe self.context = context  // Owned from here on: a throw below runs deinit.
        // Security level 2 is 112 bits: RSA from 2,048 bits on, no SHA-1 in signatures.
        unsafe SSL_CTX_set_security_level(context, 2)
        try check(unsafe Int32(lanyard_SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)))
        try check(unsafe SSL_CTX_set_cipher_list(context, Self.suites12))
        try check(unsafe SSL_CTX_set_ciphersuites(context, Self.suites13))
        try check(unsafe Int32(lanyard_SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384")))
        // RFC 9325 §3.3 and §3.5: no compression; and a renegotiation costs the server what an attacker likes to spend.
        unsafe SSL_CTX_set_options(context, lanyard_SSL_OP_NO_COMPRESSION | lanyard_SSL_OP_NO_RENEGOTIATION)
        unsafe lanyard_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        // An idle session keeps no buffers, which are 17 KiB each.
        unsafe lanyard_SSL_CTX_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
    }

    deinit { unsafe SSL_CTX_free(context) }

    func withHandle<Value>(_ body: (OpaquePointer) -> Value) -> Value {
        unsafe body(context)
    }

    /// Throws the reason why `result` is not 1.
    func check(_ result: Int32) throws(TLSConfigurationError) {
        guard result == 1 else { throw .lastLibraryError() }
    }

    /// Lets sessions be resumed by tickets, under keys of this process that are exchanged as time goes by.
    ///
    /// libssl's own ticket keys last as long as the context: whoever learns one reads every TLS 1.2 session resumed or
    /// made with it, however old (RFC 9325 §3.4). The C function is `SSL_CTX_set_tlsext_ticket_key_evp_cb`.
    func enableTickets() throws(TLSConfigurationError) {
        // The number of tickets of TLS 1.3: each costs a message, and a client that wants more gets one a connection.
        try check(unsafe SSL_CTX_set_num_tickets(context, 1))
        unsafe SSL_CTX_set_timeout(context, Int(TLSTicketKeys.lifetime.components.seconds))
        try check(unsafe SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(ticketKeys).toOpaque()))
        let result = unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context) { session, name, nonce, cipher, mac, isNew in
            // The session's owner owns this object, so the keys are there as long as the session is.
            guard let context = unsafe SSL_get_SSL_CTX(session), let data = unsafe SSL_CTX_get_ex_data(context, 0)
            else {
                return -1
            }
            let keys = unsafe Unmanaged<TLSTicketKeys>.fromOpaque(data).takeUnretainedValue()
            guard let name = unsafe name, let nonce = unsafe nonce else { return -1 }
            return unsafe isNew == 1
                ? keys.seal(name, nonce, cipher: cipher, mac: mac) : keys.open(name, nonce, cipher: cipher, mac: mac)
        }
        try check(Int32(result))
    }

    /// Believes the peer that shows `certificate`, and no other, whatever the certificate says.
    ///
    /// The C function is `SSL_CTX_set_cert_verify_callback`.
    func trustOnly(_ certificate: TLSCertificate) {
        trusted = certificate
        let verify: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { chain, trusted in
            guard let trusted = unsafe trusted, let shown = unsafe X509_STORE_CTX_get0_cert(chain) else { return 0 }
            let certificate = unsafe Unmanaged<TLSCertificate>.fromOpaque(trusted).takeUnretainedValue()
            if unsafe certificate.withHandle({ unsafe X509_cmp($0, shown) == 0 }) { return 1 }
            unsafe X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_UNTRUSTED)
            return 0
        }
        unsafe SSL_CTX_set_cert_verify_callback(context, verify, Unmanaged.passUnretained(certificate).toOpaque())
    }

    /// The suites of TLS 1.2, best first (RFC 9325 §4.2): an ephemeral key and authenticated encryption, nothing else.
    private static let suites12 = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
        ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """

    /// The suites of TLS 1.3, best first.
    private static let suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
}

extension TLSConfigurationError {
    /// Takes the first error of this thread's queue, and clears the queue so that the next caller does not find it.
    static func lastLibraryError() -> Self {
        let code = ERR_get_error()
        ERR_clear_error()
        return .library(code: code)
    }
}
