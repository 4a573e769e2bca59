// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// One signature that is made or checked.
///
/// The C type is `EVP_MD_CTX`.
@safe struct DigestContext: ~Copyable {
    private let context: OpaquePointer

    init() throws(CryptoError) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .lastLibraryError() }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    func startSigning(with key: KeyHandle) throws(CryptoError) {
        var keyContext: OpaquePointer?
        let started = try unsafe key.withKey { (handle) throws(CryptoError) in
            unsafe EVP_DigestSignInit(context, &keyContext, Self.digest(of: key.algorithm), nil, handle)
        }
        guard started == 1 else { throw .lastLibraryError() }
        try unsafe configure(keyContext, for: key.algorithm)
    }

    func startVerifying(with key: KeyHandle) throws(CryptoError) {
        var keyContext: OpaquePointer?
        let started = try unsafe key.withKey { (handle) throws(CryptoError) in
            unsafe EVP_DigestVerifyInit(context, &keyContext, Self.digest(of: key.algorithm), nil, handle)
        }
        guard started == 1 else { throw .lastLibraryError() }
        try unsafe configure(keyContext, for: key.algorithm)
    }

    func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        var length = 0
        guard unsafe EVP_DigestSign(context, nil, &length, message, message.count) == 1 else {
            throw .lastLibraryError()
        }
        var signature = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
            throw .lastLibraryError()
        }
        return Array(signature.prefix(length))  // An ECDSA signature can be shorter than its bound.
    }

    func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        let verdict = unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count)
        ERR_clear_error()  // A mismatch queues an error on this thread; the next caller must not find it.
        return verdict == 1
    }

    /// RFC 7518 §3.5: the salt is as long as the digest; a verifier that takes any length accepts forgeries of others.
    private func configure(_ keyContext: OpaquePointer?, for algorithm: SigningAlgorithm) throws(CryptoError) {
        guard algorithm == .ps256 else { return }
        guard unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1
        else { throw .lastLibraryError() }
    }

    /// Ed25519 hashes on its own (RFC 8032 §5.1), so it is given no digest.
    private static func digest(of algorithm: SigningAlgorithm) -> OpaquePointer? {
        algorithm == .edDSA ? nil : unsafe EVP_sha256()
    }
}
