// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// A client of OpenSSL's own over its own memory, so that nothing of the session under test is tested with itself.
@safe package final class TLSTestPeer {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// What the client got after the handshake.
    package private(set) var plaintext: [UInt8] = []
    /// What libssl said when the client gave up.
    package private(set) var failure: String?
    /// Whether the handshake is over.
    package private(set) var isEstablished = false
    /// Whether the server's close_notify came.
    package private(set) var hasEnded = false

    /// What the client can and will do.
    package struct Abilities {
        /// The lowest version, as the protocol writes it.
        package var lowest: Int32 = 0x0303
        /// The highest version, as the protocol writes it.
        package var highest: Int32 = 0x0304
        /// Cipher suites up to TLS 1.2.
        package var suites12 = "ALL:@SECLEVEL=0"
        /// Cipher suites of TLS 1.3.
        package var suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
        /// Groups, the best first; `nil` for those of the library.
        package var groups: String?
        /// The names of protocols, each after its length; none is no extension.
        package var protocols: [UInt8] = []
        /// The session to resume.
        package var resumed: TLSTestTicket?

        /// The abilities of the library.
        package init() {}
    }

    /// Begins a handshake.
    package init(_ abilities: Abilities = Abilities()) {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { preconditionFailure("no memory") }
        unsafe self.context = context
        unsafe SSL_CTX_set_security_level(context, 0)
        unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(abilities.lowest), nil)
        unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(abilities.highest), nil)
        precondition(unsafe SSL_CTX_set_cipher_list(context, abilities.suites12) == 1, "suites of this test")
        precondition(unsafe SSL_CTX_set_ciphersuites(context, abilities.suites13) == 1, "suites of this test")
        if let groups = abilities.groups {
            precondition(unsafe lanyard_SSL_CTX_set1_groups_list(context, groups) == 1, "groups of this test")
        }
        if !abilities.protocols.isEmpty {
            unsafe SSL_CTX_set_alpn_protos(context, abilities.protocols, UInt32(abilities.protocols.count))
        }
        unsafe (ssl, incoming, outgoing) = Self.open(context)
        if let ticket = abilities.resumed { unsafe ticket.withSession { unsafe _ = SSL_set_session(ssl, $0) } }
        advance()
    }

    /// Begins a handshake with the abilities of `other`, which costs less than with new ones.
    package init(like other: TLSTestPeer) {
        unsafe context = other.context
        unsafe SSL_CTX_up_ref(context)
        unsafe (ssl, incoming, outgoing) = Self.open(context)
        advance()
    }

    private static func open(_ context: OpaquePointer) -> (OpaquePointer, OpaquePointer, OpaquePointer) {
        guard let ssl = unsafe SSL_new(context), let incoming = unsafe BIO_new(BIO_s_mem()),
            let outgoing = unsafe BIO_new(BIO_s_mem())
        else { preconditionFailure("no memory") }
        unsafe SSL_set_bio(ssl, incoming, outgoing)
        unsafe SSL_set_connect_state(ssl)
        return unsafe (ssl, incoming, outgoing)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    /// The version that was agreed on.
    package var version: String { unsafe String(cString: SSL_get_version(ssl)) }
    /// The cipher suite that was agreed on.
    package var suite: String { unsafe String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))) }
    /// Whether the server took the ticket of an earlier session.
    package var wasResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// What the server gave to resume the session with.
    package func ticket() -> TLSTestTicket? {
        unsafe SSL_get1_session(ssl).map { unsafe TLSTestTicket(takingOwnershipOf: $0) }
    }

    /// The protocol that the server chose.
    package var chosenProtocol: String {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &bytes, &count)
        return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    /// What the client sends now.
    package func output() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BIO_ctrl_pending(outgoing)))
        guard !bytes.isEmpty else { return [] }
        let count = unsafe BIO_read(outgoing, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    /// Takes what the server sent.
    package func take(_ bytes: [UInt8]) {
        unsafe BIO_write(incoming, bytes, Int32(bytes.count))
        advance()
    }

    /// Takes the plaintext out.
    package func takePlaintext() -> [UInt8] {
        defer { plaintext = [] }
        return plaintext
    }

    /// Encrypts; false if the session cannot.
    package func write(_ bytes: [UInt8]) -> Bool {
        ERR_clear_error()
        return unsafe SSL_write(ssl, bytes, Int32(bytes.count)) == bytes.count
    }

    /// Says goodbye.
    package func close() {
        unsafe SSL_shutdown(ssl)
    }

    /// Asks for new keys, and for the server's too.
    package func updateKeys() {
        unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
        unsafe SSL_do_handshake(ssl)
    }

    /// Begins another handshake on the same connection.
    package func renegotiate() {
        unsafe SSL_renegotiate(ssl)
        unsafe SSL_do_handshake(ssl)
        ERR_clear_error()
    }

    private func advance() {
        guard failure == nil else { return }
        ERR_clear_error()
        if !isEstablished {
            let result = unsafe SSL_do_handshake(ssl)
            guard result == 1 else { return stop(at: result) }
            isEstablished = true
        }
        while true {
            // One record at a time (RFC 8446 §5.1).
            var bytes = [UInt8](repeating: 0, count: 16_384)
            let count = unsafe SSL_read(ssl, &bytes, Int32(bytes.count))
            guard count > 0 else { return stop(at: count) }
            plaintext += bytes.prefix(Int(count))
        }
    }

    private func stop(at result: Int32) {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: break
        case SSL_ERROR_ZERO_RETURN: hasEnded = true
        default:
            failure = unsafe ERR_reason_error_string(ERR_peek_error()).map { unsafe String(cString: $0) } ?? "unknown"
        }
        ERR_clear_error()
    }
}

/// What a client keeps to resume a session.
@safe package final class TLSTestTicket {
    private let session: OpaquePointer

    init(takingOwnershipOf session: OpaquePointer) {
        unsafe self.session = session
    }

    deinit { unsafe SSL_SESSION_free(session) }

    func withSession(_ body: (OpaquePointer) -> Void) {
        unsafe body(session)
    }
}
