// SPDX-License-Identifier: Apache-2.0

internal import CLibssl
internal import LanyardBase

/// The rules by which a client speaks TLS.
final class TLSClientContext: Sendable {
    let handle: TLSContextHandle

    /// Creates a context that believes the servers that `trust` says.
    init(_ trust: ClientTrust) throws(TLSConfigurationError) {
        handle = try TLSContextHandle(.client)
        unsafe handle.withHandle { unsafe SSL_CTX_set_verify($0, SSL_VERIFY_PEER, nil) }
        switch trust {
        case .system:
            try handle.check(unsafe handle.withHandle { unsafe SSL_CTX_set_default_verify_paths($0) })
        case .exactly(let pem):
            handle.trustOnly(try TLSCertificate.all(in: pem)[0])
        }
    }
}

extension TLSSession {
    /// Creates the client's side of a connection to `host`, a name or an address.
    ///
    /// Which certificates are good for a host is RFC 9525 §6: the subject's alternative names count and no common name, and
    /// a wildcard is a whole label.
    ///
    /// - Throws: ``ClientError/malformedURL`` for a host that no certificate can name.
    convenience init(_ context: TLSClientContext, to host: String) throws(ClientError) {
        self.init(context.handle, side: .client)
        let isNamed = unsafe withHandle { ssl in
            let parameters = unsafe SSL_get0_param(ssl)
            unsafe X509_VERIFY_PARAM_set_hostflags(
                parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            // Here 0 is success.
            guard unsafe SSL_set_alpn_protos(ssl, TLSProtocolName.offer, UInt32(TLSProtocolName.offer.count)) == 0
            else {
                return false
            }
            guard IPAddress(host) == nil else {
                return unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1
            }
            // RFC 6066 §3: the server's name is sent without a final dot, and an address is never sent.
            let name = host.utf8.last == UInt8(ascii: ".") ? String(host.dropLast()) : host
            return unsafe SSL_set1_host(ssl, name) == 1 && lanyard_SSL_set_tlsext_host_name(ssl, name) == 1
        }
        ERR_clear_error()
        guard isNamed else { throw .malformedURL }
    }
}
