// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardCrypto
import LanyardVerifier
import Testing

@Suite struct `Status lists` {
    private static let now = NumericDate(1_700_000_000)
    private let issuer: TestIssuer
    private let verifier: Verifier

    init() throws {
        issuer = try TestIssuer()
        verifier = Verifier(issuer: issuer.name, audience: "api")
    }

    @Test(arguments: SigningAlgorithm.allCases)
    func `are accepted with the signature of each algorithm`(algorithm: SigningAlgorithm) throws {
        let issuer = try TestIssuer(algorithm)
        let list = try verifier.statusList(
            parsing: issuer.list(revoked: [4_711]), for: TestIssuer.listURI, keys: issuer.keys, at: Self.now)
        #expect(list.uri == TestIssuer.listURI)
        #expect(list.issuedAt == Self.now)
        #expect(list.expires == 1_700_003_600)
        #expect(list.timeToLive == .seconds(60))
        #expect(list.bits == 1)
        #expect(list.count == 8_192)
        #expect(try (0..<8_192).filter { try list.status(at: $0) != .valid } == [4_711])
    }

    @Test(arguments: [1, 2, 4, 8])
    func `keep each status where it belongs`(bits: Int) throws {
        // The same value is never beside itself, so a look beside the place is seen.
        let count = 64
        let statuses = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) & UInt8(1 << bits - 1) }
        var bytes = [UInt8](repeating: 0, count: count * bits / 8)
        for (index, status) in statuses.enumerated() { bytes[index * bits / 8] |= status << UInt8(index * bits % 8) }
        let list = try read(issuer.list(issuer.listClaims(bytes, bits: Int64(bits))))
        #expect(list.count == 64)
        for (index, status) in statuses.enumerated() {
            let expected: TokenStatus =
                switch status {
                case 0: .valid
                case 1: .invalid
                case 2: .suspended
                default: .other(status)
                }
            #expect(try list.status(at: Int64(index)) == expected)
        }
    }

    @Test(arguments: [-1, 8_192, .max, .min] as [Int64])
    func `have no index outside`(index: Int64) throws {
        let list = try read(issuer.list())
        #expect(throws: TokenError.statusOutOfRange(index: index)) { try list.status(at: index) }
    }

    @Test func `are read up to a size, and then no byte of them`() throws {
        let token = try issuer.list(revoked: [1])
        var limits = StatusList.Limits()
        limits.tokenBytes = token.count
        #expect(try read(token, limits).count == 8_192)
        limits.tokenBytes -= 1
        #expect(throws: StatusListError.tooLarge(limitBytes: token.count - 1)) { try read(token, limits) }
        #expect(throws: StatusListError.tooLarge(limitBytes: 4_194_304)) {
            try read([UInt8](repeating: UInt8(ascii: "a"), count: 4_194_305))
        }
        limits = StatusList.Limits()
        limits.listBytes = 1_024
        #expect(try read(token, limits).count == 8_192)
        limits.listBytes = 1_023
        #expect(throws: StatusListError.listTooLarge(limitBytes: 1_023)) { try read(token, limits) }
    }

    @Test func `may be far longer than a token, and than a text in one`() throws {
        // What cannot be compressed: half of 2^20 bits are set.
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<131_072).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let token = try issuer.list(issuer.listClaims(bytes))
        #expect(token.count > 131_072)
        #expect(try read(token).count == 1 << 20)
    }

    @Test func `are not blown up by a bomb`() throws {
        let token = try issuer.list(issuer.listClaims([UInt8](repeating: 0, count: 64 << 20)))
        #expect(token.count < 200_000)
        #expect(throws: StatusListError.listTooLarge(limitBytes: 16_777_216)) { try read(token) }
    }

    @Test func `of another issuer and of another key are refused`() throws {
        let other = try TestIssuer()
        #expect(throws: StatusListError.unknownKey(id: other.jwk.id)) { try read(other.list()) }
        let id = issuer.jwk.id.map(JSONValue.string) ?? .null
        let forged = try other.token(
            other.listClaims(TestIssuer.bytes(revoked: [])), header: ["kid": id, "typ": "statuslist+jwt"])
        #expect(throws: StatusListError.badSignature) { try read(Array(forged.utf8)) }
        #expect(throws: StatusListError.wrongIssuer) {
            try Verifier(issuer: "https://other.example", audience: "api").statusList(
                parsing: issuer.list(), for: TestIssuer.listURI, keys: issuer.keys, at: Self.now)
        }
    }

    @Test func `are no access tokens, and access tokens are none of them`() throws {
        let list = String(decoding: try issuer.list(), as: UTF8.self)
        #expect(throws: TokenError.wrongType) { try verifier.verify(list, keys: issuer.keys, at: Self.now) }
        let token = try issuer.token(issuer.claims)
        #expect(throws: StatusListError.wrongType) { try read(Array(token.utf8)) }
    }

    @Test func `use no algorithm that was not asked for`() throws {
        var options = Verifier.Options()
        options.algorithms = [.rs256]
        let verifier = Verifier(issuer: issuer.name, audience: "api", options: options)
        #expect(throws: StatusListError.unsupportedAlgorithm) {
            try verifier.statusList(
                parsing: issuer.list(), for: TestIssuer.listURI, keys: issuer.keys, at: Self.now)
        }
    }

    @Test func `are refused at a time that is no number`() throws {
        #expect(throws: StatusListError.expired(at: 1_700_003_600)) {
            try verifier.statusList(
                parsing: issuer.list(), for: TestIssuer.listURI, keys: issuer.keys, at: NumericDate(.nan))
        }
    }

    @Test func `of which any byte was changed, or of which any part is missing, are refused`() throws {
        let token = try issuer.list(revoked: [4_711])
        for index in token.indices {
            var changed = token
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: StatusListError.self, "\(index)") { try read(changed) }
            #expect(throws: StatusListError.self, "\(index)") { try read(Array(token[..<index])) }
        }
    }

    @Test func `are looked into by who fetched them himself`() throws {
        let token = try verifier.verify(issuer.token(issuer.claims), keys: issuer.keys, at: Self.now)
        let good = try read(issuer.list(revoked: [4_710, 4_712]))
        try verifier.requireValid(token, in: good, at: Self.now)
        let revoked = try read(issuer.list(revoked: [4_711]))
        #expect(throws: TokenError.revoked) { try verifier.requireValid(token, in: revoked, at: Self.now) }
        #expect(throws: TokenError.badStatusList(.expired(at: 1_700_003_600))) {
            try verifier.requireValid(token, in: good, at: 1_700_003_600)
        }
        var claims = issuer.claims
        claims["status"] = ["status_list": ["idx": 4_711, "uri": "https://issuer.example/status/2"]]
        let elsewhere = try verifier.verify(issuer.token(claims), keys: issuer.keys, at: Self.now)
        #expect(throws: TokenError.badStatusList(.wrongAddress)) {
            try verifier.requireValid(elsewhere, in: good, at: Self.now)
        }
        claims["status"] = nil
        let without = try verifier.verify(issuer.token(claims), keys: issuer.keys, at: Self.now)
        try verifier.requireValid(without, in: revoked, at: Self.now)
    }

    private func read(_ token: [UInt8], _ limits: StatusList.Limits = StatusList.Limits()) throws -> StatusList {
        try verifier.statusList(
            parsing: token, for: TestIssuer.listURI, keys: issuer.keys, limits: limits, at: Self.now)
    }
}
