// SPDX-License-Identifier: Apache-2.0

internal import CLibssl
internal import Glibc
internal import LanyardBase

/// One certificate.
///
/// The C type is `X509`.
@safe final class TLSCertificate: @unchecked Sendable {
    // @unchecked Sendable because nothing changes `certificate` after init, and OpenSSL allows concurrent use of what no
    // thread changes (openssl-threads(7)).
    private let certificate: OpaquePointer

    private init(takingOwnershipOf certificate: OpaquePointer) {
        unsafe self.certificate = certificate
    }

    deinit { unsafe X509_free(certificate) }

    /// Returns every certificate of `pem` in its order, at least one; other PEM blocks are passed over.
    ///
    /// The C function is `PEM_read_bio_X509`.
    static func all(in pem: [UInt8]) throws(TLSConfigurationError) -> [TLSCertificate] {
        guard pem.count <= Int(Int32.max), let bio = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else {
            throw .lastLibraryError()
        }
        defer { unsafe BIO_free(bio) }
        var certificates: [TLSCertificate] = []
        ERR_clear_error()
        while let certificate = unsafe PEM_read_bio_X509(bio, nil, nil, nil) {
            certificates.append(unsafe TLSCertificate(takingOwnershipOf: certificate))
        }
        let code = ERR_peek_last_error()
        ERR_clear_error()
        // The end is met where the next block would begin; anything else is a block that is not whole.
        guard ERR_GET_LIB(code) == ERR_LIB_PEM, ERR_GET_REASON(code) == PEM_R_NO_START_LINE else {
            throw .malformedCertificate
        }
        guard !certificates.isEmpty else { throw .noCertificate }
        return certificates
    }

    /// The instants between which the certificate is valid, or `nil` if it does not name two.
    ///
    /// The C function is `ASN1_TIME_to_tm`.
    var validity: ClosedRange<UnixTime>? {
        guard let start = unsafe Self.time(X509_get0_notBefore(certificate)),
            let end = unsafe Self.time(X509_get0_notAfter(certificate)), start <= end
        else { return nil }
        return start...end
    }

    private static func time(_ time: UnsafePointer<ASN1_TIME>?) -> UnixTime? {
        var parts = unsafe tm()
        guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return UnixTime(seconds: Int64(unsafe timegm(&parts)))
    }

    func withHandle<Value>(_ body: (OpaquePointer) -> Value) -> Value {
        unsafe body(certificate)
    }
}
