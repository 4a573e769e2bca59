// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

extension PublicKey {
    /// The key as PEM: a `PUBLIC KEY` block with the SubjectPublicKeyInfo, lines of 64 characters (RFC 7468 §13).
    ///
    /// The C function is `PEM_write_bio_PUBKEY`.
    package var pem: String {
        get throws(CryptoError) {
            guard let output = unsafe BIO_new(BIO_s_mem()) else { throw .lastLibraryError() }
            defer { unsafe BIO_free(output) }
            let written = try unsafe handle.withKey { (key) throws(CryptoError) in
                unsafe PEM_write_bio_PUBKEY(output, key)
            }
            guard written == 1 else { throw .lastLibraryError() }
            let text = unsafe [UInt8](unsafeUninitializedCapacity: BIO_ctrl_pending(output)) { bytes, count in
                unsafe BIO_read_ex(output, bytes.baseAddress, bytes.count, &count)
            }
            return String(decoding: text, as: Unicode.ASCII.self)
        }
    }
}
