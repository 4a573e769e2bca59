// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardCore
import Testing

@Suite struct `A new account` {
    /// The claims of every access token, and those that verifiers act upon.
    static let reserved = [
        "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "sid", "auth_time", "amr", "preferred_username",
        "roles", "status", "scope", "cnf", "act", "azp", "nonce", "acr", "may_act", "groups", "entitlements",
    ]

    @Test(arguments: reserved)
    func `has no claim that the service itself sets`(name: String) {
        #expect(throws: AccountError.reservedClaim(name: name)) {
            try NewAccount(name: "alice", email: nil, roles: [], claims: [name: "x"])
        }
    }

    @Test(arguments: ["", "a b", "rôle", "a,b", String(repeating: "a", count: 65)])
    func `has roles of the allowed characters only`(role: String) {
        #expect(throws: AccountError.invalidRole(role)) {
            try NewAccount(name: "alice", email: nil, roles: ["reader", role], claims: [:])
        }
    }

    @Test(arguments: ["a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", String(repeating: "a", count: 260) + "@b"])
    func `has an e-mail address that could be one`(email: String) {
        #expect(throws: AccountError.invalidEmail) {
            try NewAccount(name: "alice", email: email, roles: [], claims: [:])
        }
    }

    @Test func `has claims that can be read again`() throws {
        var many = JSONObject()
        for number in 0..<65 { many["c\(number)"] = true }
        var deep = JSONValue.array([])
        for _ in 0..<14 { deep = .array([deep]) }
        for claims in [many, ["c": deep]] as [JSONObject] {
            #expect(throws: AccountError.unreadableClaims) {
                try NewAccount(name: "alice", email: nil, roles: [], claims: claims)
            }
        }
        let readable: JSONObject = ["c": ["nested": [1, "two", nil, true]]]
        #expect(try AccountClaims(trusted: AccountClaims(readable).text) == AccountClaims(readable))
    }

    @Test func `fits into an access token`() {
        let long = JSONValue.string(String(repeating: "a", count: 4_090))
        #expect(throws: AccountError.tooLarge(limitBytes: 4_096)) {
            try NewAccount(name: "alice", email: nil, roles: ["r"], claims: ["c": long])
        }
    }
}
