// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

/// The one owner of a libcrypto key, with the one algorithm it is used with.
///
/// The C type is `EVP_PKEY`.
@safe final class KeyHandle: @unchecked Sendable {
    // @unchecked Sendable because nothing changes `key` after init, and OpenSSL allows concurrent use of a key that no
    // thread changes (openssl-threads(7)).
    private let key: OpaquePointer
    let algorithm: SigningAlgorithm

    /// Takes ownership of `key`, then checks that it is a key for `algorithm`.
    ///
    /// - Throws: ``CryptoError/malformedKey`` if it is of another type, or on another curve than P-256;
    ///   ``CryptoError/weakKey(bits:)`` if an RSA modulus has under 2048 bits (RFC 7518 §3.3), or over 8192.
    init(takingOwnershipOf key: OpaquePointer?, algorithm: SigningAlgorithm) throws(CryptoError) {
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .malformedKey
        }
        unsafe self.key = key
        self.algorithm = algorithm
        guard unsafe EVP_PKEY_is_a(key, algorithm.keyType) == 1 else { throw .malformedKey }
        let bits = Int(unsafe EVP_PKEY_get_bits(key))
        switch algorithm {
        case .rs256, .ps256:
            guard 2048...8192 ~= bits else { throw .weakKey(bits: bits) }
            let exponent = try number(OSSL_PKEY_PARAM_RSA_E)
            // An even or tiny exponent makes forgery easy; 65537 is the least that is in use.
            guard exponent.count >= 3, exponent.count <= 8, exponent.last.map({ $0 & 1 == 1 }) == true else {
                throw .malformedKey
            }
        case .es256:
            guard try groupName() == "prime256v1" else { throw .malformedKey }
        case .edDSA:
            break
        }
    }

    deinit { unsafe EVP_PKEY_free(key) }

    func withKey<Value>(_ body: (OpaquePointer) throws(CryptoError) -> Value) throws(CryptoError) -> Value {
        try unsafe body(key)
    }

    /// Returns a number of the key, big-endian, without leading zero bytes.
    ///
    /// The C function is `EVP_PKEY_get_bn_param`.
    func number(_ name: String) throws(CryptoError) -> [UInt8] {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number else {
            throw .lastLibraryError()
        }
        defer { unsafe BN_free(number) }
        let byteCount = Int(unsafe lanyard_BN_num_bytes(number))
        return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            count = Int(unsafe BN_bn2bin(number, output.baseAddress))
        }
    }

    /// Returns a byte string of the key.
    ///
    /// The C function is `EVP_PKEY_get_octet_string_param`.
    func octets(_ name: String, atMost limitBytes: Int) throws(CryptoError) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: limitBytes)
        var count = 0
        guard unsafe EVP_PKEY_get_octet_string_param(key, name, &octets, limitBytes, &count) == 1 else {
            throw .lastLibraryError()
        }
        return Array(octets.prefix(count))
    }

    private func groupName() throws(CryptoError) -> String {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { throw .malformedKey }
        return String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: Unicode.ASCII.self)
    }
}
