// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// The state of signatures that are made or checked.
///
/// Setting one up costs some microseconds, most of what can be saved around a signature; so one is set up for each key
/// and copied for each message. The C type is `EVP_MD_CTX`.
@safe struct DigestContext: ~Copyable {
    private let context: OpaquePointer

    init() throws(CryptoError) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .lastLibraryError() }
        unsafe self.context = context
    }

    /// Sets the context up for signatures with `key`.
    ///
    /// The C function is `EVP_DigestSignInit`.
    func startSigning(with key: KeyHandle) throws(CryptoError) {
        var keyContext: OpaquePointer?
        let started = try unsafe key.withKey { (handle) throws(CryptoError) in
            unsafe EVP_DigestSignInit(context, &keyContext, Self.digest(of: key.algorithm), nil, handle)
        }
        guard started == 1 else { throw .lastLibraryError() }
        try unsafe configure(keyContext, for: key.algorithm)
    }

    /// Sets the context up for checks with `key`.
    ///
    /// The C function is `EVP_DigestVerifyInit`.
    func startChecking(with key: KeyHandle) throws(CryptoError) {
        var keyContext: OpaquePointer?
        let started = try unsafe key.withKey { (handle) throws(CryptoError) in
            unsafe EVP_DigestVerifyInit(context, &keyContext, Self.digest(of: key.algorithm), nil, handle)
        }
        guard started == 1 else { throw .lastLibraryError() }
        try unsafe configure(keyContext, for: key.algorithm)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Becomes a copy of `other`, which is only read; what this context held is let go.
    ///
    /// The C function is `EVP_MD_CTX_copy_ex`.
    func copy(_ other: borrowing DigestContext) throws(CryptoError) {
        guard unsafe EVP_MD_CTX_copy_ex(context, other.context) == 1 else { throw .lastLibraryError() }
    }

    /// Returns the signature of `message`; the context is used up then.
    ///
    /// The C function is `EVP_DigestSign`.
    func sign(_ message: [UInt8], atMost limitBytes: Int) throws(CryptoError) -> [UInt8] {
        var isSigned = false
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: limitBytes) { output, count in
            var length = limitBytes
            isSigned = unsafe EVP_DigestSign(context, output.baseAddress, &length, message, message.count) == 1
            count = isSigned ? length : 0  // An ECDSA signature can be shorter than its bound.
        }
        guard isSigned else { throw .lastLibraryError() }
        return signature
    }

    /// Returns whether `signature` is one of `message`; the context is used up then.
    ///
    /// The C function is `EVP_DigestVerify`.
    func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        let verdict = unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count)
        ERR_clear_error()  // A mismatch queues an error on this thread; the next caller must not find it.
        return verdict == 1
    }

    private func configure(_ keyContext: OpaquePointer?, for algorithm: SigningAlgorithm) throws(CryptoError) {
        // A context makes or checks one signature, so nothing has to be kept for more to come: saves a second copy.
        unsafe EVP_MD_CTX_set_flags(context, EVP_MD_CTX_FLAG_FINALISE)
        guard algorithm == .ps256 else { return }
        // RFC 7518 §3.5: the salt is as long as the digest; a verifier that takes any length accepts forgeries of others.
        guard unsafe EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1
        else { throw .lastLibraryError() }
    }

    /// Ed25519 hashes on its own (RFC 8032 §5.1), so it is given no digest.
    private static func digest(of algorithm: SigningAlgorithm) -> OpaquePointer? {
        algorithm == .edDSA ? nil : unsafe EVP_sha256()
    }
}
