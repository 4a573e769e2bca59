// SPDX-License-Identifier: Apache-2.0

internal import CLibssl

/// A certificate with its key, made on the spot.
@safe package final class TestCertificate: @unchecked Sendable {
    // @unchecked Sendable because nothing changes the two after init, and OpenSSL allows concurrent use of what no thread
    // changes (openssl-threads(7)).
    private let certificate: OpaquePointer
    private let key: OpaquePointer

    /// The kinds of keys.
    package enum Key: Sendable {
        case rsa(bits: Int32)
        case curve(String)
        case ed25519
    }

    /// What a certificate says, and what it is signed with.
    package struct Content: Sendable {
        /// The common name.
        package var name = "localhost"
        /// The subject's alternative names, as openssl's configuration has them; empty is none.
        package var alternatives = "DNS:localhost,IP:127.0.0.1,IP:::1"
        /// The seconds from now between which it is valid.
        package var validity = -3_600...86_400
        /// Whether it can sign others.
        package var isAuthority = false
        /// Whether it is signed with SHA-1.
        package var usesSHA1 = false

        /// The certificate of a server on this machine.
        package init() {}
    }

    /// Makes a certificate that `issuer` signs, or that signs itself.
    package init(_ kind: Key = .curve("P-256"), _ content: Content = Content(), issuer: TestCertificate? = nil) {
        guard let key = unsafe Self.generate(kind), let certificate = unsafe X509_new() else {
            preconditionFailure("libcrypto makes no key")
        }
        unsafe self.key = key
        unsafe self.certificate = certificate
        unsafe X509_set_version(certificate, 2)
        unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...Int(Int32.max)))
        unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), content.validity.lowerBound)
        unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), content.validity.upperBound)
        unsafe X509_set_pubkey(certificate, key)
        unsafe X509_NAME_add_entry_by_txt(
            X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, content.name, -1, -1, 0)
        let signer = issuer ?? self
        unsafe X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate))
        add(NID_basic_constraints, content.isAuthority ? "critical,CA:TRUE" : "CA:FALSE", issuer: signer)
        if !content.alternatives.isEmpty { add(NID_subject_alt_name, content.alternatives, issuer: signer) }
        let digest = unsafe content.usesSHA1 ? EVP_sha1() : EVP_sha256()
        let signed = unsafe X509_sign(certificate, signer.key, Self.hasOwnDigest(signer.key) ? nil : digest)
        precondition(signed > 0, "libcrypto signs no certificate")
    }

    deinit {
        unsafe X509_free(certificate)
        unsafe EVP_PKEY_free(key)
    }

    /// The certificate alone.
    package var pem: [UInt8] {
        unsafe Self.written { unsafe PEM_write_bio_X509($0, certificate) }
    }

    /// The key as PKCS #8.
    package var keyPEM: [UInt8] {
        unsafe Self.written { unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// The key as PKCS #8, encrypted with a passphrase.
    package var encryptedKeyPEM: [UInt8] {
        unsafe Self.written { bio in
            var passphrase = Array("open sesame".utf8)
            return unsafe PEM_write_bio_PrivateKey(
                bio, key, EVP_aes_256_cbc(), &passphrase, Int32(passphrase.count), nil, nil)
        }
    }

    /// The key in the form that came before PKCS #8: `RSA PRIVATE KEY`, `EC PRIVATE KEY`.
    package var traditionalKeyPEM: [UInt8] {
        unsafe Self.written { unsafe PEM_write_bio_PrivateKey_traditional($0, key, nil, nil, 0, nil, nil) }
    }

    private static func generate(_ kind: Key) -> OpaquePointer? {
        let type =
            switch kind {
            case .rsa: "RSA"
            case .curve: "EC"
            case .ed25519: "ED25519"
            }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        unsafe EVP_PKEY_keygen_init(context)
        switch kind {
        case .rsa(let bits): unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits)
        case .curve(let name): unsafe EVP_PKEY_CTX_set_group_name(context, name)
        case .ed25519: break
        }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_generate(context, &key) == 1 else { return nil }
        return unsafe key
    }

    private static func hasOwnDigest(_ key: OpaquePointer) -> Bool {
        unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519
    }

    private func add(_ extensionName: Int32, _ value: String, issuer: TestCertificate) {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer.certificate, certificate, nil, nil, 0)
        guard let extensionPart = unsafe X509V3_EXT_nconf_nid(nil, &context, extensionName, value) else {
            preconditionFailure("libcrypto does not know \(value)")
        }
        unsafe X509_add_ext(certificate, extensionPart, -1)
        unsafe X509_EXTENSION_free(extensionPart)
    }

    private static func written(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
        let bio = unsafe BIO_new(BIO_s_mem())
        defer { unsafe BIO_free(bio) }
        precondition(unsafe write(bio) == 1, "libcrypto writes no PEM")
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe BIO_read(bio, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(Int(count)))
    }
}
