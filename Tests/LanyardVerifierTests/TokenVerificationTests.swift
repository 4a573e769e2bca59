// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCoding
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `Token verification` {
    static let now = NumericDate(1_700_000_000)

    @Test(arguments: SigningAlgorithm.allCases)
    func `accepts what our own keys sign`(algorithm: SigningAlgorithm) throws {
        let issuer = try TestIssuer(algorithm)
        let keys = try KeySet(parsing: issuer.keys.json)
        let verifier = Verifier(issuer: issuer.name, audience: "api")
        let token = try verifier.verify(issuer.token(issuer.claims), keys: keys, at: Self.now)
        #expect(token.keyID == issuer.jwk.id)
        #expect(token.subject == "account")
    }

    @Test func `hands out each claim with its type`() throws {
        let issuer = try TestIssuer()
        let token = try Verifier(issuer: issuer.name, audiences: ["elsewhere", "other"])
            .verify(issuer.token(issuer.claims), keys: issuer.keys, at: Self.now)
        #expect(token.issuer == "https://issuer.example")
        #expect(token.subject == "account")
        #expect(token.audience == ["api", "other"])
        #expect(token.expires == 1_700_000_600)
        #expect(token.issuedAt == 1_700_000_000)
        #expect(token.notBefore == 1_700_000_000)
        #expect(token.id == "token")
        #expect(token.clientID == "lanyard")
        #expect(token.sessionID == "session")
        #expect(token.username == "alice")
        #expect(token.roles == ["reader", "writer"])
        #expect(token.scope == "read write")
        #expect(token.authenticatedAt == 1_699_999_000)
        #expect(token.authenticationMethods == ["pwd"])
        #expect(token.status?.index == 4_711)
        #expect(token.status?.uri == "https://issuer.example/status/1")
        #expect(token.claimsJSON == String(decoding: JSONValue.object(issuer.claims).bytes, as: UTF8.self))
    }

    @Test func `hands out claims that it does not know as they are`() throws {
        let issuer = try TestIssuer()
        var claims = issuer.claims
        claims["e\u{301}"] = 1
        let token = try Verifier(issuer: issuer.name, audience: "api")
            .verify(issuer.token(claims), keys: issuer.keys, at: Self.now)
        let tenant = try #require(token[claim: "tenant"])
        #expect(tenant["id"]?.integer == 7)
        #expect(tenant["id"]?.double == 7)
        #expect(tenant["id"]?.string == nil)
        #expect(tenant["names"]?.strings == ["a", "b"])
        #expect(tenant["names"]?.elements?.count == 2)
        #expect(tenant["on"]?.boolean == true)
        #expect(tenant["none"]?.isNull == true)
        #expect(tenant["absent"] == nil)
        #expect(tenant.names == ["id", "names", "ratio", "on", "none"])
        #expect(tenant.json == #"{"id":7,"names":["a","b"],"ratio":0,"on":true,"none":null}"#)
        #expect(token[claim: "absent"] == nil)
        #expect(token[claim: "e\u{301}"]?.integer == 1)
        #expect(token[claim: "\u{E9}"] == nil)
    }

    @Test func `leaves out what a service's token does not have`() throws {
        let vector = try TokenVector.named("good-service-token")
        let token = try vector.verifier.verify(UnverifiedToken(vector.token), keys: vector.keys, at: Self.now)
        #expect(token.sessionID == nil)
        #expect(token.username == nil)
        #expect(token.notBefore == nil)
        #expect(token.authenticatedAt == nil)
        #expect(token.authenticationMethods == [])
        #expect(token.scope == nil)
        #expect(token.status == nil)
        #expect(token.roles == ["sender"])
    }

    @Test(arguments: ["good-eddsa", "good-rs256"])
    func `refuses a token of which any character was changed`(name: String) throws {
        let vector = try TokenVector.named(name)
        let verifier = try vector.verifier
        let keys = try vector.keys
        let dots = vector.token.indices.filter { vector.token[$0] == UInt8(ascii: ".") }
        for index in vector.token.indices where !dots.contains(index) {
            var token = vector.token
            token[index] = token[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            if index < dots[0] || index == dots[1] - 1 || index == token.count - 1 {
                // A header may become unreadable or name another key; the last character may have bits to spare.
                #expect(throws: TokenError.self) {
                    try verifier.verify(UnverifiedToken(token), keys: keys, at: Self.now)
                }
            } else {
                #expect(throws: TokenError.badSignature) {
                    try verifier.verify(UnverifiedToken(token), keys: keys, at: Self.now)
                }
            }
        }
    }

    @Test func `refuses every part of a token`() throws {
        let vector = try TokenVector.named("good-eddsa")
        let verifier = try vector.verifier
        let keys = try vector.keys
        for count in 0..<vector.token.count {
            #expect(throws: TokenError.self) {
                try verifier.verify(UnverifiedToken(Array(vector.token[..<count])), keys: keys, at: Self.now)
            }
        }
    }

    @Test func `refuses the key of another issuer under the same id`() throws {
        let issuer = try TestIssuer()
        let other = try TestIssuer()
        let token = try issuer.token(issuer.claims, header: ["kid": other.jwk.id.map(JSONValue.string) ?? .null])
        #expect(throws: TokenError.badSignature) {
            try Verifier(issuer: issuer.name, audience: "api").verify(token, keys: other.keys, at: Self.now)
        }
        #expect(throws: TokenError.unknownKey(id: issuer.jwk.id)) {
            try Verifier(issuer: issuer.name, audience: "api")
                .verify(issuer.token(issuer.claims), keys: other.keys, at: Self.now)
        }
    }

    @Test func `accepts nothing at a time that is no number`() throws {
        let issuer = try TestIssuer()
        #expect(throws: TokenError.expired(at: 1_700_000_600)) {
            try Verifier(issuer: issuer.name, audience: "api")
                .verify(issuer.token(issuer.claims), keys: issuer.keys, at: NumericDate(.nan))
        }
    }

    @Test func `accepts nothing for no audience and no issuer`() throws {
        let issuer = try TestIssuer()
        let token = try issuer.token(issuer.claims)
        #expect(throws: TokenError.wrongAudience) {
            try Verifier(issuer: issuer.name, audiences: []).verify(token, keys: issuer.keys, at: Self.now)
        }
        #expect(throws: TokenError.wrongIssuer) {
            try Verifier(issuer: "", audience: "api").verify(token, keys: issuer.keys, at: Self.now)
        }
    }

    @Test func `lets the issuer read an expired token, and check the rest of it`() throws {
        let issuer = try TestIssuer()
        var rules = VerificationRules(issuer: issuer.name, audiences: ["api"])
        rules.expiryLeeway = nil
        let verifier = Verifier(rules: rules)
        let later = Self.now + .seconds(86_400 * 365)
        let token = try verifier.verify(issuer.token(issuer.claims), keys: issuer.keys, at: later)
        #expect(token.expires == 1_700_000_600)
        var claims = issuer.claims
        claims["aud"] = "other"
        let foreign = try issuer.token(claims)
        #expect(throws: TokenError.wrongAudience) { try verifier.verify(foreign, keys: issuer.keys, at: later) }
        claims["aud"] = "api"
        claims["exp"] = nil
        let endless = try issuer.token(claims)
        #expect(throws: TokenError.missingClaim(name: "exp")) {
            try verifier.verify(endless, keys: issuer.keys, at: later)
        }
    }

    @Test func `lets the issuer ask for no audience, and give no leeway to exp alone`() throws {
        let issuer = try TestIssuer()
        var rules = VerificationRules(issuer: issuer.name, audiences: nil)
        rules.expiryLeeway = .zero
        let verifier = Verifier(rules: rules)
        var claims = issuer.claims
        claims["aud"] = "anything"
        let token = try issuer.token(claims)
        #expect(try verifier.verify(token, keys: issuer.keys, at: Self.now + .seconds(-30)).audience == ["anything"])
        #expect(throws: TokenError.notYetValid(until: 1_700_000_000)) {
            try verifier.verify(token, keys: issuer.keys, at: Self.now + .seconds(-31))
        }
        #expect(try verifier.verify(token, keys: issuer.keys, at: 1_700_000_599).expires == 1_700_000_600)
        #expect(throws: TokenError.expired(at: 1_700_000_600)) {
            try verifier.verify(token, keys: issuer.keys, at: 1_700_000_600)
        }
    }
}

@Suite struct `Unverified tokens` {
    @Test func `can be looked at`() throws {
        let vector = try TokenVector.named("good-eddsa")
        let token = try UnverifiedToken(vector.token)
        #expect(token.unverifiedHeader == vector.fields["header"])
        #expect(try token.unverifiedClaims() == vector.fields["claims"])
        #expect(token.keyID == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(try token.unverifiedHeaderObject()["alg"] == "EdDSA")
        #expect(try token.unverifiedClaimsObject()["sub"] == "01HF5R0ZKX")
    }

    @Test func `say when there is nothing to look at`() throws {
        let token = try UnverifiedToken(TokenVector.named("claims-text").token)
        #expect(throws: TokenError.malformed(.claims)) { try token.unverifiedClaims() }
        #expect(throws: TokenError.malformed(.claims)) { try token.unverifiedClaimsObject() }
        #expect(throws: TokenError.malformed(.structure)) { try UnverifiedToken("") }
        #expect(throws: TokenError.tooLarge(limitBytes: 8_192)) {
            try UnverifiedToken(String(repeating: ".", count: 8_193))
        }
    }
}

@Suite struct `Numeric dates` {
    @Test func `come from wall time to the millisecond`() {
        #expect(NumericDate(UnixTime(milliseconds: 1_700_000_000_250)).secondsSinceEpoch == 1_700_000_000.25)
        #expect(1_700_000_000 + Duration.milliseconds(250) == NumericDate(1_700_000_000.25))
    }

    @Test func `know the present`() {
        #expect(NumericDate.now > 1_767_225_600)  // 2026, when this was written.
        #expect(NumericDate.now < 253_402_300_799)
    }
}
