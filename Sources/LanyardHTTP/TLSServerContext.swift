// SPDX-License-Identifier: Apache-2.0

internal import CLibssl
package import LanyardBase

/// A certificate with its key, and the rules by which a server speaks TLS; all its sessions share one.
///
/// Client certificates are not asked for, no early data is taken (it could be replayed: RFC 8446 §8), and whatever name
/// a client asks for, it gets the one certificate.
package final class TLSServerContext: Sendable {
    /// From when on the certificate is valid.
    package let notBefore: UnixTime
    /// Until when the certificate is valid.
    package let notAfter: UnixTime

    let handle: TLSContextHandle

    /// Creates a context from two PEM texts, which may be the same.
    ///
    /// - Parameters:
    ///   - certificatePEM: The server's certificate, followed by those between it and the root.
    ///   - keyPEM: Its key, not encrypted.
    /// - Throws: ``TLSConfigurationError``.
    package init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(TLSConfigurationError) {
        let certificates = try TLSCertificate.all(in: certificatePEM)
        let key = try TLSPrivateKey(pem: keyPEM)
        guard let validity = certificates[0].validity else { throw .malformedCertificate }
        notBefore = validity.lowerBound
        notAfter = validity.upperBound
        handle = try TLSContextHandle(.server)
        try Self.serve(certificates, key, with: handle)
        try Self.setServerRules(of: handle)
        try handle.enableTickets()
    }

    private static func serve(
        _ certificates: [TLSCertificate], _ key: TLSPrivateKey, with handle: TLSContextHandle
    ) throws(TLSConfigurationError) {
        ERR_clear_error()
        let isPair = unsafe certificates[0].withHandle { certificate in
            unsafe key.withHandle { unsafe X509_check_private_key(certificate, $0) == 1 }
        }
        guard isPair else {
            ERR_clear_error()
            throw .keyMismatch
        }
        for (index, certificate) in certificates.enumerated() {
            let result = unsafe handle.withHandle { context in
                unsafe certificate.withHandle { certificate in
                    unsafe index == 0
                        ? SSL_CTX_use_certificate(context, certificate)
                        : Int32(lanyard_SSL_CTX_add1_chain_cert(context, certificate))
                }
            }
            // The certificate was read and fits its key, so what is left to refuse is its strength (SSL_CTX_set_security_level).
            guard result == 1 else {
                ERR_clear_error()
                throw .weakCertificate
            }
        }
        let result = unsafe handle.withHandle { context in
            unsafe key.withHandle { unsafe SSL_CTX_use_PrivateKey(context, $0) }
        }
        try handle.check(result)
    }

    private static func setServerRules(of handle: TLSContextHandle) throws(TLSConfigurationError) {
        unsafe handle.withHandle { context in
            // The server's order counts; yet a client that puts ChaCha20 first has no hardware for AES, and gets it.
            unsafe SSL_CTX_set_options(
                context, lanyard_SSL_OP_CIPHER_SERVER_PREFERENCE | lanyard_SSL_OP_PRIORITIZE_CHACHA)
            unsafe SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
            unsafe SSL_CTX_set_alpn_select_cb(
                context,
                { _, chosen, chosenCount, offered, offeredCount, _ in
                    let offer = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredCount))
                    guard let offset = unsafe TLSProtocolName.offset(in: offer.span) else {
                        // RFC 7301 §3.2: no_application_protocol, rather than a protocol that the client did not name.
                        return SSL_TLSEXT_ERR_ALERT_FATAL
                    }
                    unsafe chosen?.pointee = unsafe offered.map { unsafe $0 + offset }
                    unsafe chosenCount?.pointee = UInt8(TLSProtocolName.http.count)
                    return SSL_TLSEXT_ERR_OK
                }, nil)
        }
    }
}
