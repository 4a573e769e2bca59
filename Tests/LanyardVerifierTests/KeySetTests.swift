// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `Key sets` {
    struct Thumbprint: CustomTestStringConvertible, Sendable {
        let rule: String, jwk: String, id: String
        var testDescription: String { rule }
    }

    static let thumbprints = [
        Thumbprint(
            rule: "RFC 7638 §3.1",
            jwk: #"{"kty":"RSA","e":"AQAB","alg":"RS256","kid":"2011-04-29","n":""#
                + "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiF"
                + "V4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9"
                + "c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1"
                + #"jF44-csFCur-kEgU8awapJzKnqDKgw"}"#,
            id: "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
        Thumbprint(
            rule: "RFC 9449 §4.1",
            jwk: #"{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","#
                + #""y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"#,
            id: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
        Thumbprint(
            rule: "RFC 8037 appendix A.3",
            jwk: #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            id: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
    ]

    @Test(arguments: thumbprints)
    func `give keys the thumbprints of the RFCs`(vector: Thumbprint) throws {
        let object = try JSONObject(parsing: Array(vector.jwk.utf8))
        let key = try #require(JSONWebKey(object))
        #expect(key.thumbprint == vector.id)
        #expect(try JSONWebKey(key.publicKey).id == vector.id)
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func `publish a key with its public members and no others`(algorithm: SigningAlgorithm) throws {
        let issuer = try TestIssuer(algorithm)
        let document = try JSONObject(parsing: issuer.keys.json)
        #expect(document.members.map(\.name) == ["keys"])
        let key = try #require(document["keys"]?.array?.first?.object)
        let members =
            switch algorithm {
            case .rs256, .ps256: ["kty", "kid", "use", "alg", "n", "e"]
            case .es256: ["kty", "kid", "use", "alg", "crv", "x", "y"]
            case .edDSA: ["kty", "kid", "use", "alg", "crv", "x"]
            }
        #expect(key.members.map(\.name) == members)
        #expect(key["alg"]?.string == algorithm.rawValue)
        #expect(key["kid"]?.string == issuer.jwk.thumbprint)
        #expect(try KeySet(parsing: issuer.keys.json).json == issuer.keys.json)
    }

    @Test func `write every number at its own length`() throws {
        let set = try TokenVector.keySet("keys.json")
        let document = try JSONObject(parsing: set.json)
        let keys = try #require(document["keys"]?.array)
        #expect(keys[0].object?["n"]?.string?.utf8.count == 342)
        #expect(keys[0].object?["e"] == "AQAB")
        #expect(keys[2].object?["x"]?.string?.utf8.count == 43)
        #expect(keys[2].object?["y"]?.string?.utf8.count == 43)
        #expect(set.keyIDs == set.keys.map(\.thumbprint))
    }

    @Test func `may be empty, and may say more than we know`() throws {
        #expect(try KeySet(parsing: Array(#"{"keys":[]}"#.utf8)).keyIDs == [])
        let text =
            #"{"extra":{"keys":1},"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":""#
            + #"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","x5c":["AAAA"],"nbf":1}]}"#
        #expect(try KeySet(parsing: Array(text.utf8)).keyIDs == ["a"])
    }
}

@Suite struct `Key set refusals` {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, text: String, error: KeySetError
        var testDescription: String { name }
    }

    static let good = #""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#
    static let rsa = #""kty":"RSA","e":"AQAB","n":"\#(modulus)""#
    static let modulus = Base64URL.encode([0xC1] + [UInt8](repeating: 0x5B, count: 255))

    static let refusals =
        [
            Refusal(name: "nothing", text: "", error: .malformed),
            Refusal(name: "an array", text: "[]", error: .malformed),
            Refusal(name: "no keys", text: "{}", error: .malformed),
            Refusal(name: "keys that are an object", text: #"{"keys":{}}"#, error: .malformed),
            Refusal(name: "a key that is a text", text: #"{"keys":["a"]}"#, error: .malformed),
            Refusal(name: "keys twice", text: #"{"keys":[],"keys":[]}"#, error: .malformed),
            Refusal(name: "a member twice", text: "{\"keys\":[{\(good),\"kty\":\"OKP\"}]}", error: .malformed),
            Refusal(name: "a trailing comma", text: #"{"keys":[],}"#, error: .malformed),
            Refusal(
                name: "the same id twice", text: "{\"keys\":[{\(good),\"kid\":\"a\"},{\(good),\"kid\":\"a\"}]}",
                error: .duplicateKey(id: "a")),
            Refusal(
                name: "the id of a key that is ignored",
                text: "{\"keys\":[{\"kty\":\"X\",\"kid\":\"a\"},{\(good),\"kid\":\"a\"}]}",
                error: .duplicateKey(id: "a")),
            Refusal(
                name: "the same id, one escaped",
                text: "{\"keys\":[{\(good),\"kid\":\"a\"},{\(good),\"kid\":\"\\u0061\"}]}",
                error: .duplicateKey(id: "a")),
            Refusal(
                name: "a symmetric key", text: #"{"keys":[{"kty":"oct","kid":"s","k":"AAAA"}]}"#,
                error: .privateKey(id: "s")),
        ]
        + ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"].map { member in
            Refusal(
                name: "a private member \(member)", text: "{\"keys\":[{\(good),\"kid\":\"a\",\"\(member)\":\"AAAA\"}]}",
                error: .privateKey(id: "a"))
        }

    @Test(arguments: refusals)
    func `concern the whole set`(refusal: Refusal) {
        #expect(throws: refusal.error) { try KeySet(parsing: Array(refusal.text.utf8)) }
    }

    @Test func `begin above 262,144 bytes`() throws {
        let text = Array(#"{"keys":[]}"#.utf8)
        let room = [UInt8](repeating: 0x20, count: KeySet.maximumBytes - text.count)
        #expect(try KeySet(parsing: text + room).keyIDs == [])
        #expect(throws: KeySetError.tooLarge(limitBytes: 262_144)) { try KeySet(parsing: text + room + [0x20]) }
    }

    struct Ignored: CustomTestStringConvertible, Sendable {
        let name: String, jwk: String
        var testDescription: String { name }
    }

    static let ignored = [
        Ignored(name: "no kty", jwk: #""x":"AAAA""#),
        Ignored(name: "unknown kty", jwk: #""kty":"AKP","pub":"AAAA""#),
        Ignored(name: "kty in small letters", jwk: #""kty":"rsa","e":"AQAB","n":"\#(modulus)""#),
        Ignored(name: "kty of a wrong type", jwk: #""kty":1"#),
        Ignored(name: "use enc", jwk: good + #","use":"enc""#),
        Ignored(name: "use of a wrong type", jwk: good + #","use":["sig"]"#),
        Ignored(name: "key_ops without verify", jwk: good + #","key_ops":["sign"]"#),
        Ignored(name: "key_ops that is a text", jwk: good + #","key_ops":"verify""#),
        Ignored(name: "another alg", jwk: good + #","alg":"ES256""#),
        Ignored(name: "an alg we do not know", jwk: rsa + #","alg":"RS512""#),
        Ignored(name: "alg none", jwk: rsa + #","alg":"none""#),
        Ignored(name: "alg of a wrong type", jwk: rsa + #","alg":null"#),
        Ignored(name: "kid of a wrong type", jwk: good + #","kid":7"#),
        Ignored(
            name: "another curve of OKP",
            jwk: #""kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#),
        Ignored(name: "no curve", jwk: #""kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#),
        Ignored(
            name: "31 bytes of Ed25519",
            jwk: #""kty":"OKP","crv":"Ed25519","x":"\#(Base64URL.encode([UInt8](repeating: 1, count: 31)))""#),
        Ignored(
            name: "x with padding",
            jwk: #""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=""#),
        Ignored(
            name: "a point that is not on the curve",
            jwk: #""kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","#
                + #""y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDE""#),
        Ignored(
            name: "a point without y",
            jwk: #""kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs""#),
        Ignored(
            name: "a point in 33 bytes",
            jwk: #""kty":"EC","crv":"P-256","x":"AJfLRa4cft-LVd4USAkQ2PcwpA5aQYReNlEFH1lQFgRb","#
                + #""y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA""#),
        Ignored(
            name: "RSA of 1024 bits",
            jwk: #""kty":"RSA","e":"AQAB","n":"\#(Base64URL.encode([0xC1] + [UInt8](repeating: 0x5B, count: 127)))""#),
        Ignored(
            name: "RSA of 2047 bits",
            jwk: #""kty":"RSA","e":"AQAB","n":"\#(Base64URL.encode([0x71] + [UInt8](repeating: 0x5B, count: 255)))""#),
        Ignored(
            name: "RSA of 8200 bits",
            jwk: #""kty":"RSA","e":"AQAB","n":"\#(Base64URL.encode([0xC1] + [UInt8](repeating: 0x5B, count: 1_024)))""#),
        Ignored(
            name: "a modulus with a leading zero",
            jwk: #""kty":"RSA","e":"AQAB","n":"\#(Base64URL.encode([0, 0xC1] + [UInt8](repeating: 0x5B, count: 255)))""#
        ),
        Ignored(name: "e = 1", jwk: #""kty":"RSA","e":"AQ","n":"\#(modulus)""#),
        Ignored(name: "e = 3", jwk: #""kty":"RSA","e":"Aw","n":"\#(modulus)""#),
        Ignored(name: "e = 65536", jwk: #""kty":"RSA","e":"AQAA","n":"\#(modulus)""#),
        Ignored(name: "e with a leading zero", jwk: #""kty":"RSA","e":"AAEAAQ","n":"\#(modulus)""#),
        Ignored(name: "no e", jwk: #""kty":"RSA","n":"\#(modulus)""#),
    ]

    /// The coordinates of the key of RFC 9449 §4.1.
    static let x = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"
    static let y = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"

    static func p256(_ x: String, _ y: String, more: String = "") -> String {
        #""kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"\#(more)"#
    }

    static func encoded(_ bytes: [UInt8]) -> String { Base64URL.encode(bytes) }

    static let zeros = [UInt8](repeating: 0, count: 32)

    static let unusable = [
        Ignored(name: "P-256 and its other name", jwk: p256(x, y).replacing("P-256", with: "p-256")),
        Ignored(name: "P-256 for ES384", jwk: p256(x, y, more: #","alg":"ES384""#)),
        Ignored(name: "P-256 for ES256K", jwk: p256(x, y, more: #","alg":"ES256K""#)),
        Ignored(name: "P-256 for key agreement", jwk: p256(x, y, more: #","alg":"ECDH-ES""#)),
        Ignored(name: "P-384", jwk: p256(encoded(zeros + zeros.prefix(16)), y).replacing("P-256", with: "P-384")),
        Ignored(name: "the point at infinity", jwk: p256(encoded(zeros), encoded(zeros))),
        Ignored(name: "x in 31 bytes", jwk: p256(String(x.dropLast()), y)),
        Ignored(name: "x with its last character changed", jwk: p256(x.dropLast() + "t", y)),
        Ignored(name: "y in 31 bytes", jwk: p256(x, encoded([UInt8](repeating: 1, count: 31)))),
        Ignored(name: "x of no bytes", jwk: p256("", y)),
        Ignored(name: "x and y exchanged", jwk: p256(y, x)),
        Ignored(
            name: "x beyond the field",
            jwk: p256(encoded([UInt8](repeating: 0xFF, count: 32)), y)),
        Ignored(name: "x that is a number", jwk: p256(x, y).replacing("\"\(x)\"", with: "7")),
        Ignored(name: "y that is null", jwk: p256(x, y).replacing("\"\(y)\"", with: "null")),
        Ignored(name: "n that is a number", jwk: #""kty":"RSA","e":"AQAB","n":65537"#),
        Ignored(name: "n of no bytes", jwk: #""kty":"RSA","e":"AQAB","n":"""#),
        Ignored(name: "e that is a number", jwk: rsa.replacing(#""AQAB""#, with: "65537")),
        Ignored(name: "e of nine bytes", jwk: rsa.replacing("AQAB", with: "AQAAAAAAAAAB")),
        Ignored(name: "e of no bytes", jwk: rsa.replacing("AQAB", with: "")),
        Ignored(name: "use null", jwk: good + #","use":null"#),
        Ignored(name: "use in capitals", jwk: good + #","use":"SIG""#),
        Ignored(name: "key_ops empty", jwk: good + #","key_ops":[]"#),
        Ignored(name: "use sig, but key_ops without verify", jwk: good + #","use":"sig","key_ops":["encrypt"]"#),
        Ignored(name: "Ed25519 for RS256", jwk: good + #","alg":"RS256""#),
        Ignored(name: "x that is an array", jwk: #""kty":"OKP","crv":"Ed25519","x":["AAAA"]"#),
    ]

    /// The y of all points on edwards25519 whose order divides 8, in every way that it can be written.
    static let smallOrder = [
        zeros, [1] + zeros.dropLast(),
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
            0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
            0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
        ],
        [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F], [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
        [0xEE] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    ].flatMap { point -> [Ignored] in
        [point, point.dropLast() + [point[31] | 0x80]].map {
            Ignored(
                name: "Ed25519 \(encoded($0)), of small order",
                jwk: #""kty":"OKP","crv":"Ed25519","x":"\#(encoded($0))""#)
        }
    }

    @Test(arguments: ignored + unusable + smallOrder)
    func `leave out one key where only it is unusable`(key: Ignored) throws {
        let set = try KeySet(parsing: Array("{\"keys\":[{\(key.jwk)},{\(Self.good),\"kid\":\"good\"}]}".utf8))
        #expect(set.keys.count == 1)
        #expect(set.keyIDs == ["good"])
    }

    @Test func `do not hit keys that say all there is to say`() throws {
        let jwk = Self.good + #","use":"sig","key_ops":["verify"],"alg":"EdDSA","kid":"a""#
        #expect(try KeySet(parsing: Array("{\"keys\":[{\(jwk)}]}".utf8)).keyIDs == ["a"])
        let set = try KeySet(parsing: Array("{\"keys\":[{\(Self.rsa),\"alg\":\"PS256\"},{\(Self.rsa)}]}".utf8))
        #expect(set.keys.map(\.publicKey.algorithm) == [.ps256, .rs256])
    }
}
