// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCrypto
import Testing

@Suite struct `Known answers` {
    @Test func `SHA-256 of FIPS 180-4`() {
        #expect(
            SHA256.digest(Array("abc".utf8)).hexadecimal
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.digest([]).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `HMAC-SHA-256 of RFC 4231 §4.3`() {
        let mac = HMACSHA256(key: Secret(Array("Jefe".utf8)))
        #expect(
            mac.authenticationCode(for: Array("what do ya want for nothing?".utf8)).hexadecimal
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    /// Test case 14 of "The Galois/Counter Mode of Operation": key, nonce and plaintext of zeros.
    @Test func `AES-256-GCM of the GCM specification`() throws {
        let cipher = AES256GCM(key: Secret([UInt8](repeating: 0, count: 32)))
        let box =
            [UInt8](repeating: 0, count: 12)
            + [UInt8](hexadecimal: "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919")
        #expect(try cipher.open(box, context: []) == [UInt8](repeating: 0, count: 16))
    }

    @Test func `Ed25519 of RFC 8032 §7.1, test 1`() throws {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        let point = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        let signature = [UInt8](
            hexadecimal: """
                e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
                d25bf5f0595bbe24655141438e7a100b
                """)
        // RFC 8410 §7: the PKCS#8 form of a seed is this prefix and the seed.
        let der = [UInt8](hexadecimal: "302e020100300506032b657004220420" + seed)
        let key = try PrivateKey(pkcs8: Secret(der), algorithm: .edDSA)
        #expect(try key.publicKey.parameters == .ed25519([UInt8](hexadecimal: point)))
        #expect(try key.sign([]) == signature)
        #expect(try key.publicKey.isValidSignature(signature, for: []))
    }
}
