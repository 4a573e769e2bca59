// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `The status of a service client` {
    private static func fixture() async throws -> ServiceFixture {
        try await ServiceFixture(configure: { $0.policies.tokens.status = StatusPolicy(ttl: .seconds(60)) })
    }

    @Test func `is in each of its tokens, the same in all of them`() async throws {
        let fixture = try await Self.fixture()
        let (feeds, billing) = (try await fixture.addClient(), try await fixture.addClient("billing"))
        let first = try fixture.clientToken(feeds).text("access_token")
        let status = try #require(try fixture.verify(first).status)
        #expect(status.uri == ServiceFixture.issuer + "/status/1")
        fixture.clock.advance(by: .seconds(100))
        #expect(try fixture.verify(fixture.clientToken(feeds).text("access_token")).status == status)
        let other = try fixture.clientToken(billing, as: "billing").text("access_token")
        #expect(try fixture.verify(other).status?.index != status.index)
        let names = try JSONObject(parsing: Base64URL.decode(String(first.split(separator: ".")[1]))).members.map(
            \.name)
        #expect(names == ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "roles", "status"])
    }

    @Test func `is in no token where there are no status lists`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.clientToken(try await fixture.addClient()).text("access_token")
        #expect(try fixture.verify(token).status == nil)
        #expect(try await fixture.store.client(id: "feeds")?.status == nil)
    }

    @Test func `tells the tokens of a removed client from those of the next one of its name, in the same second`()
        async throws
    {
        let fixture = try await Self.fixture()
        let asker = try await fixture.addClient("asker")
        let old = try fixture.clientToken(try await fixture.addClient()).text("access_token")
        #expect(try isActive(old, asker, fixture))
        try await fixture.removeClient()
        #expect(try !isActive(old, asker, fixture))
        let secret = try await fixture.addClient()
        #expect(try !isActive(old, asker, fixture))
        let new = try fixture.clientToken(secret).text("access_token")
        #expect(try isActive(new, asker, fixture))
        #expect(try !isActive(old, asker, fixture))
        for (token, status) in [(old, 401), (new, 204)] {
            #expect(try fixture.send("GET", "/verify", fields: ["Authorization: Bearer \(token)"]).status == status)
        }
    }

    @Test(arguments: [false, true])
    func `is revoked with a token, expired or not, and then drawn anew`(isExpired: Bool) async throws {
        let fixture = try await Self.fixture()
        let (secret, asker) = (try await fixture.addClient(), try await fixture.addClient("asker"))
        let old = try fixture.clientToken(secret).text("access_token")
        let index = try #require(try fixture.verify(old).status).index
        if isExpired { fixture.clock.advance(by: .seconds(900)) }
        let second = try fixture.clientToken(secret).text("access_token")
        #expect(try await revoke(old, fixture) == .clientRevoked(id: "feeds"))
        #expect(try !isActive(second, asker, fixture), "one index for all tokens")
        #expect(try fixture.send("GET", "/verify", fields: ["Authorization: Bearer \(second)"]).status == 401)
        let bits = try await fixture.store.statusBits(after: nil, limit: 9, at: fixture.clock.now)
        #expect(bits.map(\.index.index) == [index])
        #expect(bits.first?.until == fixture.clock.now + .seconds(900 + 600))

        let new = try fixture.clientToken(secret).text("access_token")
        #expect(try isActive(new, asker, fixture))
        #expect(try fixture.verify(new).status?.index != index)
        #expect(try await revoke(old, fixture) == .clientOver(id: "feeds"))
        #expect(try isActive(new, asker, fixture))
        try await fixture.removeClient()
        #expect(try await revoke(new, fixture) == .clientOver(id: "feeds"))
    }

    @Test func `without status lists, is told from when the tokens were revoked`() async throws {
        let fixture = try await ServiceFixture()
        let (secret, asker) = (try await fixture.addClient(), try await fixture.addClient("asker"))
        let old = try fixture.clientToken(secret).text("access_token")
        #expect(try await revoke(old, fixture) == .clientRevoked(id: "feeds"))
        #expect(try !isActive(old, asker, fixture))
        #expect(try await revoke(old, fixture) == .clientOver(id: "feeds"))
        fixture.clock.advance(by: .seconds(1))
        #expect(try isActive(fixture.clientToken(secret).text("access_token"), asker, fixture))
    }

    @Test func `is nothing that a token of a login has, whose session ends`() async throws {
        let fixture = try await Self.fixture()
        for name in ["access_token", "refresh_token"] {
            let login = try fixture.logIn()
            fixture.clock.advance(by: .seconds(1_000))
            let session = EndedSession(id: try SessionID(login.sessionID), accountID: fixture.alice.id, cause: .revoked)
            #expect(try await revoke(login.text(name), fixture) == .sessionEnded(session))
            #expect(try await revoke(login.text(name), fixture) == .sessionOver(id: session.id))
            #expect(try fixture.refresh(login.text("refresh_token")).status == 401)
        }
    }

    @Test func `cannot be revoked with a token that no key of the store has signed`() async throws {
        let fixture = try await Self.fixture()
        let (login, stranger) = (try fixture.logIn(), try await Self.fixture())
        let foreign = try stranger.logIn()
        let list = try fixture.signed(["iss": .string(ServiceFixture.issuer)], type: "statuslist+jwt")
        let texts = [
            "", "x", "a.b.c", foreign.text("access_token"), foreign.text("refresh_token"), list,
            login.text("access_token") + "A",
        ]
        for text in texts { #expect(try await revoke(text, fixture) == .foreign, "\(text)") }
        #expect(try fixture.get("/me", with: login).status == 200)
    }

    @Test func `of a client removed while it asks is that it is unknown`() async throws {
        let fixture = try await ServiceFixture(
            configure: { $0.policies.tokens.status = StatusPolicy(ttl: .seconds(60)) }, wrapping: { ForgetfulStore($0) }
        )
        expectOAuthError(try fixture.clientToken(try await fixture.addClient()), 401, "invalid_client")
    }

    private func isActive(_ token: String, _ secret: String, _ fixture: ServiceFixture) throws -> Bool {
        let answer = try fixture.post(form: "token=\(token)", to: "/introspect", fields: [basic("asker", secret)])
        return try answer.json["active"] == true
    }

    private func revoke(_ text: String, _ fixture: ServiceFixture) async throws -> TokenRevocation.Outcome {
        let revocation = TokenRevocation(
            store: fixture.store, keyring: fixture.keyring,
            lifetimes: try ServiceFixture.configuration().policies.sessions.lifetimes,
            now: { [clock = fixture.clock] in clock.now })
        return try await revocation.revoke(text)
    }
}

/// A store in which a client is removed between its authentication and its first token.
private final class ForgetfulStore: PassingStore {
    let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    func assignStatusIndex(toClient id: ClientID) async throws(StoreError) -> ServiceClient? {
        return nil
    }
}
