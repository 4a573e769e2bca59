// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// The forms in which a private key is written as DER, unencrypted.
package enum PrivateKeyDER: Sendable {
    /// PrivateKeyInfo, for every type of key (PKCS#8, RFC 5208 §5).
    case pkcs8
    /// RSAPrivateKey (PKCS#1, RFC 8017 appendix A.1.2).
    case rsa
    /// ECPrivateKey (RFC 5915 §3).
    case ec

    /// Returns the key that `der` is, which the caller owns; the numbers of the key are not checked.
    ///
    /// The C functions are `EVP_PKCS82PKEY` and `d2i_PrivateKey`.
    ///
    /// - Throws: ``CryptoError/malformedKey`` if `der` is no such key, or one and something behind it;
    ///   ``CryptoError/unsupportedKey`` if a PrivateKeyInfo is for another type of key than ours.
    func key(_ der: [UInt8]) throws(CryptoError) -> OpaquePointer {
        var isSupported = true
        let (key, isWhole) = unsafe der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            let key: OpaquePointer?
            switch self {
            case .pkcs8: unsafe key = Self.readPrivateKeyInfo(&cursor, bytes.count, &isSupported)
            case .rsa: unsafe key = d2i_PrivateKey(EVP_PKEY_RSA, nil, &cursor, bytes.count)
            case .ec: unsafe key = d2i_PrivateKey(EVP_PKEY_EC, nil, &cursor, bytes.count)
            }
            return unsafe (key, cursor == bytes.baseAddress.map { unsafe $0 + bytes.count })
        }
        ERR_clear_error()
        guard let key = unsafe key, isWhole else {
            unsafe EVP_PKEY_free(key)
            throw isSupported ? .malformedKey : .unsupportedKey
        }
        return unsafe key
    }

    private static func readPrivateKeyInfo(
        _ cursor: inout UnsafePointer<UInt8>?, _ count: Int, _ isSupported: inout Bool
    ) -> OpaquePointer? {
        guard let info = unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, &cursor, count) else { return nil }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        var type: OpaquePointer?
        isSupported =
            unsafe PKCS8_pkey_get0(&type, nil, nil, nil, info) == 1
            && [NID_rsaEncryption, NID_X9_62_id_ecPublicKey, NID_ED25519].contains(OBJ_obj2nid(type))
        return unsafe isSupported ? EVP_PKCS82PKEY(info) : nil
    }
}
