// SPDX-License-Identifier: Apache-2.0

import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardPasswords
import LanyardStore
import TestSupport
import Testing

/// Accounts whose names earlier releases accepted.
@Suite struct `An account with an invisible code point in its name` {
    static let name = "ali\u{200D}ce"

    @Test func `logs in and can be removed, and no other gets such a name`() async throws {
        let fixture = try await ServiceFixture()
        var account = fixture.alice
        (account.id, account.name, account.nameKey) = ("old", Self.name, try AccountName(presented: Self.name).key)
        let hash = try fixture.keyring.passwords.open(fixture.alice.password, account: fixture.alice.id)
        account.password = try fixture.keyring.passwords.seal(hash, account: account.id)
        try await fixture.store.add(account)

        let members: JSONObject = ["username": .string(Self.name), "password": .string(ServiceFixture.password)]
        #expect(try fixture.send("POST", "/login", body: JSONValue.object(members).text).status == 200)
        #expect(throws: AccountError.invalidName(.invisibleCharacter)) {
            try NewAccount(name: Self.name, email: nil, roles: [], claims: [:])
        }
        let removed = try await fixture.accounts.remove(named: Self.name)
        #expect(removed.count == 1)
    }
}
