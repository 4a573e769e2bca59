// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto
package import LanyardBase

/// A private key that signs with one algorithm.
package struct PrivateKey: Sendable {
    let handle: KeyHandle

    /// The public half.
    package let publicKey: PublicKey

    /// The one algorithm of the key.
    package var algorithm: SigningAlgorithm { handle.algorithm }

    init(handle: KeyHandle) throws(CryptoError) {
        self.handle = handle
        // The private key's own public half, as a key of its own: what is handed out can sign nothing.
        publicKey = try PublicKey(subjectPublicKeyInfo: handle.subjectPublicKeyInfo(), algorithm: handle.algorithm)
    }

    /// Makes a new key.
    ///
    /// Takes 0.1 to 1.5 s of a core for RSA, so never on a request's way.
    ///
    /// - Parameters:
    ///   - algorithm: What the key is used with.
    ///   - rsaBits: The length of an RSA modulus: 2048, 3072 or 4096; without meaning for the others.
    /// - Returns: The key.
    /// - Throws: ``CryptoError/library(code:)`` if libcrypto itself fails.
    package static func generate(_ algorithm: SigningAlgorithm, rsaBits: Int) throws(CryptoError) -> Self {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, algorithm.keyType, nil) else {
            throw .lastLibraryError()
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { throw .lastLibraryError() }
        if algorithm.usesRSA {
            guard unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(rsaBits)) == 1 else {
                throw .lastLibraryError()
            }
        } else if algorithm == .es256 {
            guard unsafe EVP_PKEY_CTX_set_group_name(context, "prime256v1") == 1 else { throw .lastLibraryError() }
        }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_generate(context, &key) == 1 else { throw .lastLibraryError() }
        return try unsafe Self(handle: KeyHandle(takingOwnershipOf: key, algorithm: algorithm))
    }

    /// Creates a key from its DER bytes: one PrivateKeyInfo (PKCS#8, RFC 5208 §5), unencrypted, and nothing after it.
    ///
    /// For what we wrote ourselves: that the numbers belong together is not checked.
    ///
    /// - Throws: ``CryptoError/malformedKey`` if it is anything else; ``CryptoError/unsupportedKey``;
    ///   ``CryptoError/weakKey(bits:)``; ``CryptoError/weakExponent``.
    package init(pkcs8 der: Secret<[UInt8]>, algorithm: SigningAlgorithm) throws(CryptoError) {
        let key = try unsafe PrivateKeyDER.pkcs8.key(der.reveal())
        try unsafe self.init(handle: KeyHandle(takingOwnershipOf: key, algorithm: algorithm))
    }

    /// The key as DER PrivateKeyInfo (PKCS#8, RFC 5208 §5).
    ///
    /// The C function is `i2d_PKCS8_PRIV_KEY_INFO`.
    package var pkcs8: Secret<[UInt8]> {
        get throws(CryptoError) {
            try unsafe handle.withKey { (key) throws(CryptoError) in
                guard let info = unsafe EVP_PKEY2PKCS8(key) else { throw .lastLibraryError() }
                defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
                let length = unsafe i2d_PKCS8_PRIV_KEY_INFO(info, nil)
                guard length > 0 else { throw .lastLibraryError() }
                return unsafe Secret(
                    [UInt8](unsafeUninitializedCapacity: Int(length)) { output, count in
                        var cursor = output.baseAddress
                        count = Int(unsafe i2d_PKCS8_PRIV_KEY_INFO(info, &cursor))
                    })
            }
        }
    }

    /// Returns the signature of `message`: as long as the modulus for RSA, 64 bytes for the others.
    ///
    /// Who makes many has a ``Signer``.
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        try Signer(sharing: handle).sign(message)
    }
}
