// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto

extension PublicKey {
    /// The numbers that a key is made of, as JWK carries them (RFC 7518 §6, RFC 8037 §2).
    package enum Parameters: Equatable, Sendable {
        /// Modulus and public exponent, big-endian, without leading zero bytes.
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// The coordinates of a point on P-256, 32 bytes each.
        case p256(x: [UInt8], y: [UInt8])
        /// The 32 bytes of an Ed25519 key.
        case ed25519([UInt8])
    }

    /// Creates a key from its numbers.
    ///
    /// - Throws: ``CryptoError/malformedKey`` if they are no key for `algorithm`: the point is not on the curve, a number
    ///   has a leading zero byte; ``CryptoError/weakKey(bits:)``; ``CryptoError/weakExponent``.
    package init(_ parameters: Parameters, algorithm: SigningAlgorithm) throws(CryptoError) {
        let key: OpaquePointer?
        switch parameters {
        case .rsa(let modulus, let exponent):
            // RFC 7518 §2: Base64urlUInt has no leading zero octets, so that a key has one form.
            guard let high = modulus.first, high != 0, let low = exponent.first, low != 0 else { throw .malformedKey }
            // Before anything is computed with it.
            guard modulus.count <= 1_024 else { throw .weakKey(bits: modulus.count * 8 - high.leadingZeroBitCount) }
            unsafe key = try KeyBuilder().number(OSSL_PKEY_PARAM_RSA_N, modulus)
                .number(OSSL_PKEY_PARAM_RSA_E, exponent).publicKey(type: "RSA")
        case .p256(let x, let y):
            guard x.count == 32, y.count == 32 else { throw .malformedKey }
            unsafe key = try KeyBuilder().text(OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1")
                .octets(OSSL_PKEY_PARAM_PUB_KEY, [0x04] + x + y).publicKey(type: "EC")
        case .ed25519(let bytes):
            guard bytes.count == 32 else { throw .malformedKey }
            unsafe key = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
        }
        try unsafe self.init(handle: KeyHandle(takingOwnershipOf: key, algorithm: algorithm))
    }

    /// The numbers that the key is made of.
    package var parameters: Parameters {
        get throws(CryptoError) {
            switch algorithm {
            case .rs256, .ps256:
                return try .rsa(
                    modulus: handle.number(OSSL_PKEY_PARAM_RSA_N), exponent: handle.number(OSSL_PKEY_PARAM_RSA_E))
            case .es256:
                // The uncompressed point of SEC 1 §2.3.3: 0x04 ‖ x ‖ y.
                let point = try handle.octets(OSSL_PKEY_PARAM_PUB_KEY, atMost: 65)
                guard point.count == 65, point.first == 0x04 else { throw .malformedKey }
                return .p256(x: Array(point[1...32]), y: Array(point[33...64]))
            case .edDSA:
                return try .ed25519(handle.octets(OSSL_PKEY_PARAM_PUB_KEY, atMost: 32))
            }
        }
    }
}
