// SPDX-License-Identifier: Apache-2.0

import LanyardCoding
import LanyardService
import Testing

@Suite struct `A new account` {
    @Test(arguments: AccountClaims.reserved.sorted())
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

    @Test func `fits into an access token`() {
        let long = JSONValue.string(String(repeating: "a", count: 4_090))
        #expect(throws: AccountError.tooLarge(limitBytes: 4_096)) {
            try NewAccount(name: "alice", email: nil, roles: ["r"], claims: ["c": long])
        }
    }
}
