// SPDX-License-Identifier: Apache-2.0

internal import CLibcrypto
package import LanyardBase

extension PrivateKey {
    /// The numbers that a key pair is made of, as a private JWK carries them (RFC 7518 §6, RFC 8037 §2).
    package enum Parameters: Sendable {
        /// A key pair of RSA with two primes.
        case rsa(RSA)
        /// The coordinates of a point on P-256 and its logarithm, 32 bytes each.
        case p256(x: [UInt8], y: [UInt8], d: Secret<[UInt8]>)
        /// The 32 bytes of an Ed25519 key and of the seed that it comes from.
        case ed25519(x: [UInt8], d: Secret<[UInt8]>)

        /// The numbers of a key pair of RSA with two primes, big-endian, by their names in JWK (RFC 7518 §6.3).
        package struct RSA: Sendable {
            /// The modulus and the public exponent, without leading zero bytes.
            package var n: [UInt8], e: [UInt8]
            /// The private exponent.
            package var d: Secret<[UInt8]>
            /// The primes.
            package var p: Secret<[UInt8]>, q: Secret<[UInt8]>
            /// The private exponents for each prime, and the inverse of `q` for `p`.
            package var dp: Secret<[UInt8]>, dq: Secret<[UInt8]>, qi: Secret<[UInt8]>

            /// Collects the numbers.
            package init(
                n: [UInt8], e: [UInt8], d: Secret<[UInt8]>, p: Secret<[UInt8]>, q: Secret<[UInt8]>,
                dp: Secret<[UInt8]>, dq: Secret<[UInt8]>, qi: Secret<[UInt8]>
            ) {
                self.n = n
                self.e = e
                self.d = d
                self.p = p
                self.q = q
                self.dp = dp
                self.dq = dq
                self.qi = qi
            }
        }
    }

    /// Creates a key from its numbers, and checks that they belong together.
    ///
    /// Takes up to seconds of a core for RSA, whose primes are tested.
    ///
    /// - Throws: ``CryptoError/malformedKey`` if the numbers are no key pair for `algorithm`;
    ///   ``CryptoError/weakKey(bits:)``; ``CryptoError/weakExponent``.
    package init(_ parameters: Parameters, algorithm: SigningAlgorithm) throws(CryptoError) {
        let handle: KeyHandle
        switch parameters {
        case .rsa(let numbers):
            // The public half is tried first, with all its rules: sizes, exponent, leading zeros.
            _ = try PublicKey(.rsa(modulus: numbers.n, exponent: numbers.e), algorithm: algorithm)
            try unsafe handle = KeyHandle(takingOwnershipOf: numbers.keyPair(), algorithm: algorithm)
        case .p256(let x, let y, let d):
            let d = d.reveal()
            guard x.count == 32, y.count == 32, d.count == 32 else { throw .malformedKey }
            let builder = try KeyBuilder().text(OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1")
                .octets(OSSL_PKEY_PARAM_PUB_KEY, [0x04] + x + y).number(OSSL_PKEY_PARAM_PRIV_KEY, d)
            try unsafe handle = KeyHandle(takingOwnershipOf: builder.keyPair(type: "EC"), algorithm: algorithm)
        case .ed25519(let x, let d):
            let d = d.reveal()
            guard x.count == 32, d.count == 32 else { throw .malformedKey }
            // Made from the seed alone, so that x can be held against what belongs to it.
            try unsafe handle = KeyHandle(
                takingOwnershipOf: EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, d, d.count),
                algorithm: algorithm)
            guard try handle.octets(OSSL_PKEY_PARAM_PUB_KEY, atMost: 32) == x else { throw .malformedKey }
        }
        try self.init(checking: handle)
    }

    /// Creates a key from DER that somebody brought along, and checks that its numbers belong together.
    ///
    /// Takes up to seconds of a core for RSA, whose primes are tested.
    ///
    /// - Parameters:
    ///   - der: The key and nothing behind it.
    ///   - form: How it is written.
    ///   - preferred: The algorithm of the key if it fits; otherwise the only one for its type, RS256 for RSA.
    /// - Throws: ``CryptoError/malformedKey`` if it is no such key, or its numbers are no key pair;
    ///   ``CryptoError/unsupportedKey`` if it is of another type or curve, or has more than two primes;
    ///   ``CryptoError/weakKey(bits:)``; ``CryptoError/weakExponent``.
    package init(
        checking der: Secret<[UInt8]>, as form: PrivateKeyDER, preferring preferred: SigningAlgorithm
    ) throws(CryptoError) {
        let key = try unsafe form.key(der.reveal())
        try unsafe self.init(checking: KeyHandle(takingOwnershipOf: key, preferring: preferred))
    }

    private init(checking handle: KeyHandle) throws(CryptoError) {
        guard try handle.isConsistent() else { throw .malformedKey }
        try self.init(handle: handle)
    }
}

extension PrivateKey.Parameters.RSA {
    fileprivate func keyPair() throws(CryptoError) -> OpaquePointer? {
        // EVP_PKEY-RSA(7) has the names; the macros for the last five are joined literals, which Swift does not import.
        try unsafe KeyBuilder().number(OSSL_PKEY_PARAM_RSA_N, n).number(OSSL_PKEY_PARAM_RSA_E, e)
            .number(OSSL_PKEY_PARAM_RSA_D, d.reveal())
            .number("rsa-factor1", p.reveal()).number("rsa-factor2", q.reveal())
            .number("rsa-exponent1", dp.reveal()).number("rsa-exponent2", dq.reveal())
            .number("rsa-coefficient1", qi.reveal()).keyPair(type: "RSA")
    }
}
