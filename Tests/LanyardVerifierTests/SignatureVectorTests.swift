// SPDX-License-Identifier: Apache-2.0

import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `Signature vectors of the RFCs` {
    struct Vector: CustomTestStringConvertible, Sendable {
        let rule: String, jwk: String, token: String, payload: String
        var testDescription: String { rule }
    }

    static let vectors = [
        Vector(
            rule: "RFC 7520 §4.1",
            jwk: #"{"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","e":"AQAB","n":""#
                + "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKr"
                + "Kb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5l"
                + "FHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__"
                + #"kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"}"#,
            token: "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9"
                + ".SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9h"
                + "ZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3"
                + "ZXB0IG9mZiB0by4"
                + ".MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB"
                + "-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxn"
                + "t8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcI"
                + "e8u9ipH84ogoree7vjbU5y18kDquDg",
            payload:
                "It’s a dangerous business, Frodo, going out your door. You step onto the road, and if you don't keep "
                + "your feet, there’s no knowing where you might be swept off to."),
        Vector(
            rule: "RFC 8037 appendix A.4",
            jwk: #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            token: "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
                + ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            payload: "Example of Ed25519 signing"),
    ]

    @Test(arguments: vectors)
    func `are accepted, and only whole`(vector: Vector) throws {
        let keys = try KeySet(parsing: Array("{\"keys\":[\(vector.jwk)]}".utf8))
        let token = try UnverifiedToken(vector.token)
        let payload = try token.payload(signedBy: keys, algorithms: SigningAlgorithm.allCases)
        #expect(payload == Array(vector.payload.utf8))

        let dot = try #require(vector.token.firstIndex(of: "."))
        let second = vector.token.index(dot, offsetBy: 2)
        let changed = try UnverifiedToken("\(vector.token[..<second])A\(vector.token[second...].dropFirst())")
        #expect(throws: TokenError.badSignature) {
            try changed.payload(signedBy: keys, algorithms: SigningAlgorithm.allCases)
        }
    }

    @Test func `have no type and no claims, and so are no access tokens`() throws {
        let vector = Self.vectors[1]
        let keys = try KeySet(parsing: Array("{\"keys\":[\(vector.jwk)]}".utf8))
        #expect(throws: TokenError.wrongType) {
            try Verifier(issuer: "a", audience: "b").verify(vector.token, keys: keys, at: .now)
        }
    }
}
