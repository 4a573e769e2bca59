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
    /// - Throws: ``CryptoError/malformedKey`` if it is of another type, on another curve than P-256, or of small order;
    ///   ``CryptoError/weakKey(bits:)`` if an RSA modulus has under 2048 bits (RFC 7518 §3.3), or over 8192;
    ///   ``CryptoError/weakExponent``.
    init(takingOwnershipOf key: OpaquePointer?, algorithm: SigningAlgorithm) throws(CryptoError) {
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .malformedKey
        }
        unsafe self.key = key
        self.algorithm = algorithm
        guard unsafe Self.algorithm(of: key, preferring: algorithm) == algorithm else { throw .malformedKey }
        switch algorithm {
        case .rs256, .ps256:
            guard !hasThirdPrime else { throw .unsupportedKey }
            let bits = Int(unsafe EVP_PKEY_get_bits(key))
            guard 2048...8192 ~= bits else { throw .weakKey(bits: bits) }
            let exponent = try number(OSSL_PKEY_PARAM_RSA_E)
            // An even or tiny exponent makes forgery easy; 65537 is the least that is in use.
            guard exponent.count >= 3, exponent.count <= 8, exponent.last.map({ $0 & 1 == 1 }) == true else {
                throw .weakExponent
            }
        case .es256:
            break
        case .edDSA:
            guard try !SmallOrder.contains(octets(OSSL_PKEY_PARAM_PUB_KEY, atMost: 32)) else { throw .malformedKey }
        }
    }

    /// Takes ownership of `key`, then finds the algorithm that it is for: `preferred` if that fits, the only one or RS256
    /// otherwise.
    ///
    /// - Throws: ``CryptoError/unsupportedKey`` if no algorithm fits; what the other initializer throws.
    convenience init(takingOwnershipOf key: OpaquePointer, preferring preferred: SigningAlgorithm) throws(CryptoError) {
        guard let algorithm = unsafe Self.algorithm(of: key, preferring: preferred) else {
            unsafe EVP_PKEY_free(key)
            throw .unsupportedKey
        }
        if algorithm == .es256 {
            // However the point was written: from here on a key has one form.
            unsafe EVP_PKEY_set_utf8_string_param(
                key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED)
        }
        try unsafe self.init(takingOwnershipOf: key, algorithm: algorithm)
    }

    deinit { unsafe EVP_PKEY_free(key) }

    func withKey<Value>(_ body: (OpaquePointer) throws(CryptoError) -> Value) throws(CryptoError) -> Value {
        try unsafe body(key)
    }

    /// Returns a copy that shares nothing with this one, for another thread.
    ///
    /// The C function is `EVP_PKEY_dup`.
    func duplicate() throws(CryptoError) -> KeyHandle {
        guard let copy = unsafe EVP_PKEY_dup(key) else { throw .lastLibraryError() }
        return try unsafe KeyHandle(takingOwnershipOf: copy, algorithm: algorithm)
    }

    /// Returns whether the numbers of a key pair belong together; for RSA, whether the primes are primes and two.
    ///
    /// The C function is `EVP_PKEY_check`.
    func isConsistent() throws(CryptoError) -> Bool {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else { throw .lastLibraryError() }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        let verdict = unsafe EVP_PKEY_check(context)
        ERR_clear_error()
        return verdict == 1
    }

    /// The most bytes that libcrypto needs for a signature; for RSA what each has.
    var signatureLimitBytes: Int { Int(unsafe EVP_PKEY_get_size(key)) }

    /// Returns the public half as DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// The C function is `i2d_PUBKEY`.
    func subjectPublicKeyInfo() throws(CryptoError) -> [UInt8] {
        let length = unsafe i2d_PUBKEY(key, nil)
        guard length > 0 else { throw .lastLibraryError() }
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(length)) { output, count in
            var cursor = output.baseAddress
            count = Int(unsafe i2d_PUBKEY(key, &cursor))
        }
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

    /// Whether the key has more primes than two (RFC 8017 §3.2), which a JWK could hardly carry.
    private var hasThirdPrime: Bool {
        var prime: OpaquePointer?
        defer { unsafe BN_clear_free(prime) }
        let isThere = unsafe EVP_PKEY_get_bn_param(key, "rsa-factor3", &prime) == 1
        ERR_clear_error()
        return isThere
    }

    private static func algorithm(of key: OpaquePointer, preferring preferred: SigningAlgorithm) -> SigningAlgorithm? {
        if unsafe EVP_PKEY_is_a(key, "RSA") == 1 { return preferred.usesRSA ? preferred : .rs256 }
        if unsafe EVP_PKEY_is_a(key, "EC") == 1 { return unsafe isOnP256(key) ? .es256 : nil }
        return unsafe EVP_PKEY_is_a(key, "ED25519") == 1 ? .edDSA : nil
    }

    private static func isOnP256(_ key: OpaquePointer) -> Bool {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        let isNamed = unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1
        // RFC 5480 §2.1.1: a curve has a name; one that is written out in numbers only looks like P-256.
        var isExplicit: Int32 = 0
        let isKnown =
            unsafe EVP_PKEY_get_int_param(
                key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &isExplicit) == 1
        ERR_clear_error()
        guard isNamed, isKnown, isExplicit == 0 else { return false }
        return name.prefix(count).elementsEqual("prime256v1".utf8.map { CChar(bitPattern: $0) })
    }
}
