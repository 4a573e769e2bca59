// SPDX-License-Identifier: Apache-2.0

/// Which servers a ``Client`` believes over TLS.
package enum ClientTrust: Equatable, Sendable {
    /// Those whose certificate is for the host of the URL and leads to a root of the system, or to one that `SSL_CERT_FILE`
    /// or `SSL_CERT_DIR` names.
    case system
    /// The one that shows the first certificate of this PEM text, whatever its names and dates say.
    case exactly(certificatePEM: [UInt8])
}
