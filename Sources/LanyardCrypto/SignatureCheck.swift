// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// The check of signatures with one key, set up once; any thread may use it at any time.
@safe final class SignatureCheck: @unchecked Sendable {
    // @unchecked Sendable because nothing changes `prepared` after init: `EVP_MD_CTX_copy_ex` takes it as const, and the
    // key and methods that a copy shares with it are counted atomically and changed by no thread (openssl-threads(7)).
    private let prepared: DigestContext
    private let algorithm: SigningAlgorithm
    private let limitBytes: Int

    init(with handle: KeyHandle) throws(CryptoError) {
        algorithm = handle.algorithm
        limitBytes = handle.signatureLimitBytes
        prepared = try DigestContext()
        try prepared.startChecking(with: handle)
    }

    func isValid(_ signature: [UInt8], for message: [UInt8]) throws(CryptoError) -> Bool {
        var signature = signature
        switch algorithm {
        case .rs256, .ps256:
            // RFC 8017 §8.1.2 and §8.2.2, step 1. libcrypto takes a PSS signature without its leading zeros too.
            guard signature.count == limitBytes else { return false }
        case .es256:
            guard let encoded = ECDSASignature.derEncoded(joined: signature) else { return false }
            signature = encoded
        case .edDSA:
            break
        }
        let context = try DigestContext()
        try context.copy(prepared)
        return context.isValid(signature, for: message)
    }
}
