// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `A key file with a JWK` {
    /// RFC 7520 §3.4.
    static let rsa: JSONObject = [
        "kty": "RSA", "kid": "bilbo.baggins@hobbiton.example", "use": "sig", "e": "AQAB",
        "n": """
        n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwG\
        U_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3u\
        hGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHd\
        rNP5zw
        """,
        "d": """
        bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2LsNRS-8uJbvQ-A1irkwMSMkK1J3XTGgdrhCku9gRldY7\
        sNA_AKZGh-Q661_42rINLRCe8W-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWSDFu2MUBYwkHTMEzLYGqOe04noqeq1hExBTHBOBdkMXiuFhUq1BU6l\
        -DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWTBnP5uDjd18kKhyv07lhfSJdrPdM5Plyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOp\
        BrQzwQ
        """,
        "p": """
        3Slxg_DwTXJcb6095RoXygQCAZ5RnAvZlno1yhHtnUex_fp7AZ_9nRaO7HX_-SFfGQeutao2TDjDAWU4Vupk8rw9JR0AzZ0N2fvuIAmr_WCsmGpe\
        NqQnev1T7IyEsnh8UMt-n5CafhkikzhEsrmndH6LxOrvRJlsPp6Zv8bUq0k
        """,
        "q": """
        uKE2dh-cTf6ERF4k4e_jy78GfPYUIaUyoSSJuBzp3Cubk3OCqs6grT8bR_cu0Dm1MZwWmtdqDyI95HrUeq3MP15vMMON8lHTeZu2lmKvwqW7anV5\
        UzhM1iZ7z4yMkuUwFWoBvyY898EXvRD-hdqRxHlSqAZ192zB3pVFJ0s7pFc
        """,
        "dp": """
        B8PVvXkvJrj2L-GYQ7v3y9r6Kw5g9SahXBwsWUzp19TVlgI-YV85q1NIb1rxQtD-IsXXR3-TanevuRPRt5OBOdiMGQp8pbt26gljYfKU_E9xn-RU\
        LHz0-ed9E9gXLKD4VGngpz-PfQ_q29pk5xWHoJp009Qf1HvChixRX59ehik
        """,
        "dq": """
        CLDmDGduhylc9o7r84rEUVn7pzQ6PF83Y-iBZx5NT-TpnOZKF1pErAMVeKzFEl41DlHHqqBLSM0W1sOFbwTxYWZDm6sI6og5iTbwQGIC3gnJKbi_\
        7k_vJgGHwHxgPaX2PnvP-zyEkDERuf-ry4c_Z11Cq9AqC2yeL6kdKT1cYF8
        """,
        "qi": """
        3PiqvXQN0zwMeE-sBvZgi289XP9XCQF3VWqPzMKnIgQp7_Tugo6-NZBKCQsMf3HaEGBjTVJs_jcK8-TRXvaKe-7ZMaQj8VfBdYkssbu0NKDDhjJ-\
        GtiseaDVWt7dcH0cfwxgFUHpQh7FoCrjFJ6h6ZEpMF6xmujs4qMpPz8aaI4
        """,
    ]

    /// RFC 7515 appendix A.3.1.
    static let ec: JSONObject = [
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    ]

    /// RFC 8037 appendix A.1.
    static let ed25519: JSONObject = [
        "kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    ]

    static func read(_ jwk: JSONObject, preferring algorithm: SigningAlgorithm = .rs256) throws -> PrivateKey {
        try KeyFile.read(Secret(Array("\n".utf8) + JSONValue.object(jwk).bytes), preferring: algorithm)
    }

    @Test(arguments: [
        (rsa, SigningAlgorithm.rs256, "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"),
        (ec, .es256, "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"),
        (ed25519, .edDSA, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
    ])
    func `gives the key of an RFC`(jwk: JSONObject, algorithm: SigningAlgorithm, thumbprint: String) throws {
        let key = try Self.read(jwk)
        #expect(key.algorithm == algorithm)
        #expect(try JSONWebKey(key.publicKey).id == thumbprint)
        let kept = try PrivateKey(pkcs8: key.pkcs8, algorithm: algorithm)
        #expect(try key.publicKey.isValidSignature(Signer(kept).sign([1, 2, 3]), for: [1, 2, 3]))
    }

    /// The two algorithms that make the same signature every time.
    @Test(arguments: [
        (rsa, rsaInput, rsaSignature),
        (
            ed25519, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        ),
    ])
    func `signs what an RFC shows signed`(jwk: JSONObject, input: String, signature: String) throws {
        let key = try Self.read(jwk)
        let message = Array(input.utf8)
        #expect(try Base64URL.encode(Signer(key).sign(message)) == signature)
        #expect(try Base64URL.encode(key.sign(message)) == signature)
    }

    /// RFC 7520 §4.1.
    static let rsaInput = """
        eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBG\
        cm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwg\
        dGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4
        """
    static let rsaSignature = """
        MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA\
        78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQ\
        dLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18\
        kDquDg
        """

    static func with(_ jwk: JSONObject, _ changes: [String: JSONValue?]) -> JSONObject {
        var jwk = jwk
        for (name, value) in changes { jwk[name] = value }
        return jwk
    }

    @Test(arguments: [
        (with(rsa, [:]), SigningAlgorithm.es256, SigningAlgorithm.rs256),
        (with(rsa, [:]), .ps256, .ps256),
        (with(rsa, ["alg": "RS256"]), .ps256, .rs256),
        (with(rsa, ["alg": "PS256", "key_ops": ["sign", "verify"]]), .rs256, .ps256),
        (with(ec, ["alg": "ES256", "use": "sig"]), .rs256, .es256),
        (with(ed25519, ["alg": "EdDSA", "x5c": ["AAAA"], "extra": .null]), .rs256, .edDSA),
        (with(ed25519, ["alg": "Ed25519"]), .rs256, .edDSA),
    ])
    func `is used as it says itself, else as preferred`(
        jwk: JSONObject, preferred: SigningAlgorithm, algorithm: SigningAlgorithm
    ) throws {
        #expect(try Self.read(jwk, preferring: preferred).algorithm == algorithm)
    }

    /// Programs write such numbers that pad them to a fixed length, or add a byte for the sign.
    @Test func `may have leading zeros in its numbers, which make it no other key`() throws {
        for count in [1, 3] {
            let zeros = [UInt8](repeating: 0, count: count)
            for (jwk, names) in [(Self.rsa, ["n", "e", "d", "p", "q", "dp", "dq", "qi"]), (Self.ec, ["x", "y", "d"])] {
                let expected = try Self.read(jwk)
                for name in names {
                    let key = try Self.read(Self.replaced(name, of: jwk) { zeros + $0 })
                    #expect(try JSONWebKey(key.publicKey).id == JSONWebKey(expected.publicKey).id, "\(name)")
                    #expect(try key.pkcs8.reveal() == expected.pkcs8.reveal(), "\(name)")
                }
            }
        }
    }

    static let privateNumbers = ["p", "q", "dp", "dq", "qi"]

    /// RFC 7518 §6.3.2.
    @Test func `may leave out all private numbers of RSA but d`() throws {
        let short = Self.with(Self.rsa, Dictionary(uniqueKeysWithValues: Self.privateNumbers.map { ($0, nil) }))
        let key = try Self.read(short)
        let message = Array(Self.rsaInput.utf8)
        #expect(try Base64URL.encode(Signer(key).sign(message)) == Self.rsaSignature)
        let kept = try PrivateKey(pkcs8: key.pkcs8, algorithm: .rs256)
        #expect(try Base64URL.encode(kept.sign(message)) == Self.rsaSignature)
        #expect(try JSONWebKey(key.publicKey).id == JSONWebKey(Self.read(Self.rsa).publicKey).id)
        for wrong in [Self.changed("d", of: short), Self.changed("n", of: short), Self.with(short, ["d": "AQ"])] {
            #expect(throws: KeyFileError.damaged) { try Self.read(wrong) }
        }
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, jwk: JSONObject, error: KeyFileError
        var testDescription: String { name }
    }

    /// The number with its last bit but one changed, so that it stays odd or even.
    static func changed(_ name: String, of jwk: JSONObject) -> JSONObject {
        guard let text = jwk[name]?.string, var bytes = try? Base64URL.decode(text), !bytes.isEmpty else { return jwk }
        bytes[bytes.count - 1] ^= 0x02
        return with(jwk, [name: .string(Base64URL.encode(bytes))])
    }

    static func replaced(_ name: String, of jwk: JSONObject, _ change: ([UInt8]) -> [UInt8]) -> JSONObject {
        guard let text = jwk[name]?.string, let bytes = try? Base64URL.decode(text) else { return jwk }
        return with(jwk, [name: .string(Base64URL.encode(change(bytes)))])
    }

    static let refusals: [Refusal] = [
        Refusal(name: "a set", jwk: ["keys": [.object(ed25519)]], error: .keySet),
        Refusal(name: "no kty", jwk: ["d": "AAAA"], error: .missingMember(name: "kty")),
        Refusal(name: "kty of a wrong type", jwk: with(ec, ["kty": 1]), error: .damaged),
        Refusal(name: "unknown kty", jwk: with(ec, ["kty": "AKP"]), error: .unsupported),
        Refusal(name: "a symmetric key", jwk: ["kty": "oct", "k": "AAAA"], error: .symmetric),
        Refusal(name: "RSA, public half", jwk: ["kty": "RSA", "n": "AQAB", "e": "AQAB"], error: .publicOnly),
        Refusal(name: "P-256, public half", jwk: with(ec, ["d": nil]), error: .publicOnly),
        Refusal(name: "Ed25519, public half", jwk: with(ed25519, ["d": nil]), error: .publicOnly),
        Refusal(name: "no curve", jwk: with(ec, ["crv": nil]), error: .missingMember(name: "crv")),
        Refusal(name: "P-384", jwk: with(ec, ["crv": "P-384"]), error: .unsupported),
        Refusal(name: "the curve of the other type", jwk: with(ec, ["crv": "Ed25519"]), error: .unsupported),
        Refusal(name: "X25519", jwk: with(ed25519, ["crv": "X25519"]), error: .unsupported),
        Refusal(name: "more primes", jwk: with(rsa, ["oth": []]), error: .unsupported),
        Refusal(name: "use enc", jwk: with(ec, ["use": "enc"]), error: .notForSigning),
        Refusal(name: "use of a wrong type", jwk: with(ec, ["use": ["sig"]]), error: .damaged),
        Refusal(name: "key_ops verify", jwk: with(ec, ["key_ops": ["verify"]]), error: .notForSigning),
        Refusal(name: "key_ops empty", jwk: with(ec, ["key_ops": []]), error: .notForSigning),
        Refusal(name: "key_ops a text", jwk: with(ec, ["key_ops": "sign"]), error: .damaged),
        Refusal(name: "key_ops with a number", jwk: with(ec, ["key_ops": ["sign", 1]]), error: .damaged),
        Refusal(name: "alg of another type", jwk: with(ec, ["alg": "RS256"]), error: .wrongAlgorithm),
        Refusal(name: "alg of another digest", jwk: with(rsa, ["alg": "RS512"]), error: .wrongAlgorithm),
        Refusal(name: "alg none", jwk: with(ed25519, ["alg": "none"]), error: .wrongAlgorithm),
        Refusal(name: "alg for encryption", jwk: with(rsa, ["alg": "RSA-OAEP"]), error: .wrongAlgorithm),
        Refusal(name: "alg in small letters", jwk: with(rsa, ["alg": "rs256"]), error: .wrongAlgorithm),
        Refusal(name: "alg of a wrong type", jwk: with(rsa, ["alg": .null]), error: .damaged),
    ]

    static let numberRefusals: [Refusal] = [
        Refusal(
            name: "RSA, 1024 bits", jwk: with(rsa, ["n": .string(modulus(byteCount: 128))]),
            error: .weak(bits: 1_024)),
        Refusal(
            name: "RSA, 8200 bits", jwk: with(rsa, ["n": .string(modulus(byteCount: 1_025))]),
            error: .tooLong(bits: 8_200)),
        Refusal(name: "RSA, e = 3", jwk: with(rsa, ["e": "Aw"]), error: .weakExponent),
        Refusal(name: "RSA, e = 65536", jwk: with(rsa, ["e": "AQAA"]), error: .weakExponent),
        Refusal(name: "RSA, another e", jwk: with(rsa, ["e": "AQAD"]), error: .damaged),
        Refusal(
            name: "P-256, d = 0",
            jwk: with(ec, ["d": .string(Base64URL.encode([UInt8](repeating: 0, count: 32)))]), error: .damaged),
        Refusal(
            name: "P-256, d = n",
            jwk: with(ec, ["d": "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE"]), error: .damaged),
        Refusal(
            name: "P-256, the point at infinity",
            jwk: with(
                ec,
                [
                    "x": .string(Base64URL.encode([UInt8](repeating: 0, count: 32))),
                    "y": .string(Base64URL.encode([UInt8](repeating: 0, count: 32))),
                ]), error: .damaged),
        Refusal(name: "P-256, d in 31 bytes", jwk: replaced("d", of: ec) { $0.dropLast() }, error: .damaged),
        Refusal(name: "P-256, x in 33 bytes", jwk: replaced("x", of: ec) { [1] + $0 }, error: .damaged),
        Refusal(name: "Ed25519, d in 33 bytes", jwk: replaced("d", of: ed25519) { [0] + $0 }, error: .damaged),
        Refusal(name: "Ed25519, d of 31 bytes", jwk: replaced("d", of: ed25519) { $0.dropLast() }, error: .damaged),
        Refusal(name: "Ed25519, d and x", jwk: replaced("d", of: ed25519) { $0 + $0 }, error: .damaged),
    ]

    static let incomplete: [Refusal] = ["n", "e", "p", "q", "dp", "dq", "qi"].map { name in
        Refusal(name: "RSA, no \(name)", jwk: with(rsa, [name: nil]), error: .missingMember(name: name))
    }

    static let misread: [Refusal] = ["n", "d", "p", "q", "dp", "dq", "qi"].flatMap { name in
        let padded = (rsa[name]?.string ?? "") + "="
        return [
            "another": changed(name, of: rsa), "a number for": with(rsa, [name: 7]),
            "an empty": with(rsa, [name: ""]), "nothing but zeros for": with(rsa, [name: "AAAA"]),
            "padding behind": with(rsa, [name: .string(padded)]),
        ].map { Refusal(name: "RSA, \($0.key) \(name)", jwk: $0.value, error: .damaged) }
    }

    static let foreign: [Refusal] =
        ["x", "y", "d"].map { Refusal(name: "P-256, another \($0)", jwk: changed($0, of: ec), error: .damaged) }
        + ["x", "d"].map { Refusal(name: "Ed25519, another \($0)", jwk: changed($0, of: ed25519), error: .damaged) }

    static func modulus(byteCount: Int) -> String {
        Base64URL.encode([0xC1] + [UInt8](repeating: 0x5B, count: byteCount - 1))
    }

    @Test(arguments: refusals + numberRefusals + incomplete + misread + foreign)
    func `is refused for what is wrong with it`(refusal: Refusal) {
        #expect(throws: refusal.error) { try Self.read(refusal.jwk) }
    }

    @Test func `is refused if the primes have changed places`() {
        // p·q = n and all else is right, but qi is then the inverse of the wrong one.
        let jwk = Self.with(Self.rsa, ["p": Self.rsa["q"], "q": Self.rsa["p"]])
        #expect(throws: KeyFileError.damaged) { try Self.read(jwk) }
    }

    @Test func `is refused if it is no strict JSON`() {
        let good = JSONValue.object(Self.ed25519).text
        let open = String(good.dropLast())
        for text in [good + "x", open + #","kty":"OKP"}"#, open + ",}", open, "{", "{}x"] {
            #expect(throws: KeyFileError.damaged, "\(text)") {
                try KeyFile.read(Secret(Array(text.utf8)), preferring: .rs256)
            }
        }
        for text in ["[\(good)]", "\"a\"", "\u{FEFF}\(good)"] {
            #expect(throws: KeyFileError.noKey, "\(text)") {
                try KeyFile.read(Secret(Array(text.utf8)), preferring: .rs256)
            }
        }
    }
}
