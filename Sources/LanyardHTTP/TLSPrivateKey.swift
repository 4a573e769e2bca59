// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// The private key of a certificate.
///
/// The C type is `EVP_PKEY`.
@safe final class TLSPrivateKey {
    private let key: OpaquePointer

    /// Reads the first private key of `pem`, and checks that it is strong enough.
    ///
    /// The C function is `PEM_read_bio_PrivateKey`.
    init(pem: [UInt8]) throws(TLSConfigurationError) {
        unsafe self.key = try Self.read(pem)  // Owned from here on: a throw below runs deinit.
        try checkStrength()
    }

    deinit { unsafe EVP_PKEY_free(key) }

    func withHandle<Value>(_ body: (OpaquePointer) -> Value) -> Value {
        unsafe body(key)
    }

    private static func read(_ pem: [UInt8]) throws(TLSConfigurationError) -> OpaquePointer {
        guard pem.count <= Int(Int32.max), let bio = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else {
            throw .lastLibraryError()
        }
        defer { unsafe BIO_free(bio) }
        var isEncrypted = false
        let key = unsafe withUnsafeMutablePointer(to: &isEncrypted) { isEncrypted in
            // Without a function of ours libcrypto would ask at the terminal.
            unsafe PEM_read_bio_PrivateKey(
                bio, nil,
                { _, _, _, isEncrypted in
                    unsafe isEncrypted?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, isEncrypted)
        }
        ERR_clear_error()
        if let key = unsafe key { return unsafe key }
        guard !isEncrypted else { throw .encryptedKey }
        throw contains(pem, "PRIVATE KEY-----") ? .malformedKey : .noKey
    }

    private static func contains(_ bytes: [UInt8], _ text: StaticString) -> Bool {
        let pattern = Array("\(text)".utf8)
        guard bytes.count >= pattern.count else { return false }
        return (0...(bytes.count - pattern.count)).contains { bytes[$0...].starts(with: pattern) }
    }

    /// Takes RSA from 2,048 bits on, and curves that TLS 1.3 has a signature for (RFC 8446 §4.2.3).
    private func checkStrength() throws(TLSConfigurationError) {
        let bits = Int(unsafe EVP_PKEY_get_bits(key))
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS:
            guard bits >= 2_048 else { throw .weakKey(bits: bits) }
        case EVP_PKEY_EC:
            guard bits >= 256 else { throw .weakKey(bits: bits) }
            guard ["prime256v1", "secp384r1", "secp521r1"].contains(curve) else { throw .unsupportedKey }
        case EVP_PKEY_ED25519, EVP_PKEY_ED448:
            break
        default:
            throw .unsupportedKey
        }
    }

    private var curve: String {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return "" }
        return String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: Unicode.ASCII.self)
    }
}
