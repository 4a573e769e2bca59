// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCrypto
import Testing

@Suite struct `A key` {
    static let message = Array("the message".utf8)

    @Test(arguments: SigningAlgorithm.allCases)
    func `signs what its public half accepts, and nothing else`(algorithm: SigningAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let stranger = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let signature = try key.sign(Self.message)
        #expect(signature.count == (algorithm.usesRSA ? 256 : 64))
        #expect(try key.publicKey.isValidSignature(signature, for: Self.message))
        #expect(try !key.publicKey.isValidSignature(signature, for: Self.message + [0]))
        #expect(try !stranger.publicKey.isValidSignature(signature, for: Self.message))
        #expect(try !key.publicKey.isValidSignature([], for: Self.message))
        #expect(try !key.publicKey.isValidSignature(signature.dropLast(), for: Self.message))
        #expect(try !key.publicKey.isValidSignature(signature + [0], for: Self.message))
        for index in stride(from: 0, to: signature.count, by: 31) {
            var changed = signature
            changed[index] ^= 0x01
            #expect(try !key.publicKey.isValidSignature(changed, for: Self.message))
        }
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func `survives each of its written forms`(algorithm: SigningAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let reread = try PrivateKey(pkcs8: key.pkcs8, algorithm: algorithm)
        let signature = try reread.sign(Self.message)
        let fromDER = try PublicKey(subjectPublicKeyInfo: key.publicKey.subjectPublicKeyInfo, algorithm: algorithm)
        let fromNumbers = try PublicKey(key.publicKey.parameters, algorithm: algorithm)
        #expect(try fromDER.isValidSignature(signature, for: Self.message))
        #expect(try fromNumbers.isValidSignature(signature, for: Self.message))
        #expect(try fromNumbers.subjectPublicKeyInfo == key.publicKey.subjectPublicKeyInfo)
    }

    @Test func `is used with one algorithm only`() throws {
        let pkcs1 = try PrivateKey.generate(.rs256, rsaBits: 2_048)
        let pss = try PrivateKey(pkcs8: pkcs1.pkcs8, algorithm: .ps256)
        #expect(try !pss.publicKey.isValidSignature(pkcs1.sign(Self.message), for: Self.message))
        #expect(try !pkcs1.publicKey.isValidSignature(pss.sign(Self.message), for: Self.message))
        #expect(throws: CryptoError.malformedKey) {
            try PublicKey(subjectPublicKeyInfo: pkcs1.publicKey.subjectPublicKeyInfo, algorithm: .es256)
        }
        #expect(throws: CryptoError.malformedKey) { try PrivateKey(pkcs8: pkcs1.pkcs8, algorithm: .edDSA) }
    }

    @Test(arguments: [SigningAlgorithm.rs256, .es256, .edDSA])
    func `is refused with anything behind it or cut off`(algorithm: SigningAlgorithm) throws {
        let key = try PrivateKey.generate(algorithm, rsaBits: 2_048)
        let der = try key.publicKey.subjectPublicKeyInfo
        let secret = try key.pkcs8.reveal()
        for changed in [der + [0], der.dropLast(), [], [0x30, 0x03]] as [[UInt8]] {
            #expect(throws: CryptoError.malformedKey) {
                try PublicKey(subjectPublicKeyInfo: changed, algorithm: algorithm)
            }
        }
        for changed in [secret + [0], secret.dropLast(), []] as [[UInt8]] {
            #expect(throws: CryptoError.malformedKey) {
                try PrivateKey(pkcs8: Secret(changed), algorithm: algorithm)
            }
        }
    }

    /// Test keys, made with the openssl command line; their private halves were never kept.
    static let weakRSA = [UInt8](
        hexadecimal: """
            30819f300d06092a864886f70d010101050003818d0030818902818100cd932a57991386047fdcf3ff02b926307c2bc5162b
            f885b3191650a96a2f8d9551fcb7a80ef4ffd333a035b7a20869d184e088e0de17e346f8141fbfa8f4009938d9fec786e8e6
            fb669f5a5c837a7611f0473262e2332231d78be4da7a982950c1b722b0ee60809b08f3e059f2ee1df8ce44bacb8934901576
            32c7a37d4e7b690203010001
            """)
    static let p384 = [UInt8](
        hexadecimal: """
            3076301006072a8648ce3d020106052b8104002203620004d17d0f45ca69065ffffa145dac96c5ebb02ba292963c072ff8ce
            44ade411f5e1e2ba946f67b8f5bfac9afa9c8d91128bd93e936a6d0149daa6a3ed660091479462bdba4570152da6d59e4e88
            df77160bf2110031030281e5e813c6bc1234a806
            """)

    @Test func `is refused if it is weak or on another curve`() {
        #expect(throws: CryptoError.weakKey(bits: 1_024)) {
            try PublicKey(subjectPublicKeyInfo: Self.weakRSA, algorithm: .rs256)
        }
        #expect(throws: CryptoError.malformedKey) {
            try PublicKey(subjectPublicKeyInfo: Self.p384, algorithm: .es256)
        }
    }

    @Test func `is refused if its numbers are not a key`() throws {
        guard
            case .rsa(let modulus, let exponent) = try PrivateKey.generate(.rs256, rsaBits: 2_048).publicKey.parameters
        else { throw CryptoError.malformedKey }
        for (modulus, exponent) in [
            ([0] + modulus, exponent), (modulus, [0] + exponent), ([], exponent), (modulus, []),
        ] as [([UInt8], [UInt8])] {
            #expect(throws: CryptoError.malformedKey) {
                try PublicKey(.rsa(modulus: modulus, exponent: exponent), algorithm: .rs256)
            }
        }
        #expect(throws: CryptoError.weakKey(bits: 1_024)) {
            try PublicKey(.rsa(modulus: Array(modulus.prefix(128)), exponent: exponent), algorithm: .rs256)
        }
        for exponent in [[1], [3], [0xFF, 0xFF], [1, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 1]] as [[UInt8]] {
            #expect(throws: CryptoError.weakExponent) {
                try PublicKey(.rsa(modulus: modulus, exponent: exponent), algorithm: .rs256)
            }
        }
        let one = [UInt8](repeating: 1, count: 32)
        #expect(throws: CryptoError.malformedKey) { try PublicKey(.p256(x: one, y: one), algorithm: .es256) }
        #expect(throws: CryptoError.malformedKey) { try PublicKey(.p256(x: one, y: [1]), algorithm: .es256) }
        #expect(throws: CryptoError.malformedKey) { try PublicKey(.ed25519([1]), algorithm: .edDSA) }
    }

    @Test func `of P-256 refuses zero numbers in a signature`() throws {
        let key = try PrivateKey.generate(.es256, rsaBits: 0)
        var signature = try key.sign(Self.message)
        signature.replaceSubrange(32..<64, with: repeatElement(0, count: 32))
        #expect(try !key.publicKey.isValidSignature(signature, for: Self.message))
        #expect(try !key.publicKey.isValidSignature([UInt8](repeating: 0, count: 64), for: Self.message))
    }
}
