// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

/// What was decided at login from the account is decided again at each refresh.
@Suite struct `A refresh of an account that was changed` {
    private static func fixture(log: LogRecorder? = nil) async throws -> ServiceFixture {
        let fixture: ServiceFixture
        if let log {
            fixture = try await ServiceFixture(log: log.logger)
        } else {
            fixture = try await ServiceFixture()
        }
        try await setRoles(["lanyard-admin", "reader"], of: fixture)
        return fixture
    }

    private static func setRoles(_ roles: Roles, of fixture: ServiceFixture) async throws {
        let (store, id) = (fixture.store, fixture.alice.id)
        let account = try await store.account(id: id)
        let before = try #require(account).roles
        #expect(try await store.setRoles(roles, ofAccount: id, ifStill: before))
    }

    @Test func `does not carry the admin audience without the role, and carries it again with the role`() async throws {
        let fixture = try await Self.fixture()
        let login = try fixture.logIn(#","audience":["lanyard-admin","lanyard"]"#)
        #expect(try login.claims["aud"] == ["lanyard-admin", "lanyard"])
        try await Self.setRoles(["reader"], of: fixture)
        for grace in [Duration.zero, .seconds(100)] {
            fixture.clock.advance(by: grace)
            let refreshed = try fixture.refresh(login.text("refresh_token"))
            #expect(try refreshed.claims["aud"] == "lanyard")
            #expect(try refreshed.claims["roles"] == ["reader"])
        }
        let form = "grant_type=refresh_token&refresh_token=\(login.text("refresh_token"))"
        #expect(try fixture.post(form: form, to: "/token").claims["aud"] == "lanyard")
        try await Self.setRoles(["lanyard-admin"], of: fixture)
        let again = try fixture.refresh(login.text("refresh_token"))
        #expect(try again.claims["aud"] == ["lanyard-admin", "lanyard"])
    }

    @Test func `ends a session that was for the admin interface alone`() async throws {
        let log = LogRecorder()
        let fixture = try await Self.fixture(log: log)
        let login = try fixture.logIn(#","audience":"lanyard-admin""#)
        try await Self.setRoles(["reader"], of: fixture)
        _ = log.take()
        let answer = try fixture.refresh(login.text("refresh_token"))
        #expect(answer.status == 401)
        #expect(answer.text("error") == "invalid_grant")
        let lines = log.take()
        #expect(lines.compactMap { $0["event"] } == ["session_ended", "refresh_refused"])
        #expect(lines.allSatisfy { $0["reason"] == "revoked" })
        try await Self.setRoles(["lanyard-admin"], of: fixture)
        #expect(try fixture.refresh(login.text("refresh_token")).status == 401, "it has ended for good")
        #expect(try fixture.get("/me", with: login).status == 401)
    }

    @Test func `is refused by a server that does not serve the audience, and the session goes on`() async throws {
        let fixture = try await Self.fixture()
        let (store, alice, now) = (fixture.store, fixture.alice, fixture.clock.now)
        let opening = SessionOpening(
            id: "AAAAAAAAAAAAAAAAAAAAAA", accountID: alice.id, accountEpoch: alice.epoch, audience: ["elsewhere"],
            roles: nil, delivery: .body, label: nil, network: nil,
            lifetimes: try ServiceFixture.configuration().policies.sessions.lifetimes, maximumPerAccount: 9)
        _ = try await store.openSession(opening, at: now)
        let token = RefreshToken(sessionID: opening.id, generation: 1)
        let text = fixture.keyring.refreshTokens().encode(token)
        for _ in 0..<2 {
            fixture.clock.advance(by: .seconds(100))
            let answer = try fixture.refresh(text)
            #expect(answer.status == 401)
            #expect(answer.text("error") == "invalid_grant")
        }
        let session = try await store.session(id: opening.id)?.session
        #expect(session?.endedAt == nil && session?.current == 1)
    }

    @Test func `carries the roles that were requested and are still held`() async throws {
        let fixture = try await Self.fixture()
        let narrow = try fixture.logIn(#","roles":["reader"]"#)
        let whole = try fixture.logIn()
        try await Self.setRoles(["reader", "writer"], of: fixture)
        #expect(try fixture.refresh(narrow.text("refresh_token")).claims["roles"] == ["reader"])
        #expect(try fixture.refresh(whole.text("refresh_token")).claims["roles"] == ["reader", "writer"])
        try await Self.setRoles([], of: fixture)
        for login in [narrow, whole] {
            #expect(try fixture.refresh(login.text("refresh_token")).claims["roles"] == [])
        }
        try await Self.setRoles(["writer", "reader"], of: fixture)
        #expect(try fixture.refresh(narrow.text("refresh_token")).claims["roles"] == ["reader"])
    }

    @Test func `carries the name and the claims as they are now, and what was said of the login`() async throws {
        let fixture = try await ServiceFixture(wrapping: { Self.changing($0, claims: #"{"plan":"lead","level":2}"#) })
        let login = try fixture.logIn()
        fixture.clock.advance(by: .seconds(100))
        let claims = try fixture.refresh(login.text("refresh_token")).claims
        #expect(claims["preferred_username"] == "alicia")
        #expect(claims["plan"] == "lead" && claims["level"] == 2)
        for name in ["auth_time", "amr", "sid"] { #expect(try claims[name] == login.claims[name]) }
    }

    @Test func `finds that a token no longer fits into a cookie, and the session goes on`() async throws {
        let long = String(repeating: "a", count: 3_800)
        let fixture = try await ServiceFixture(wrapping: { Self.changing($0, claims: #"{"long":"\#(long)"}"#) })
        let login = try fixture.logIn(#","delivery":"cookies""#)
        let token = try #require(login.cookie("__Host-lanyard"))
        let fields = ["Cookie: __Host-lanyard=\(token)", "Sec-Fetch-Site: same-origin"]
        let answer = try fixture.send("POST", "/refresh", fields: fields, body: "{}")
        #expect(answer.status == 400)
        #expect(try fixture.refresh(token).status == 200, "in the body it fits")
    }

    @Test func `at login, has the audience that the account may request when the session is opened`() async throws {
        let fixture = try await ServiceFixture(wrapping: { DemotingStore($0) })
        try await Self.setRoles(["lanyard-admin"], of: fixture)
        let both = try fixture.logIn(#","audience":["lanyard-admin","lanyard"]"#)
        #expect(try both.claims["aud"] == "lanyard")
        try await Self.setRoles(["lanyard-admin"], of: fixture)
        #expect(try fixture.logIn(#","audience":"lanyard-admin""#).text("error") == "invalid_target")
        // The session that was opened for it has ended.
        #expect(try fixture.get("/sessions", with: both).json["sessions"]?.array?.count == 1)
    }

    /// A store in which the account gets another name and other claims after its login.
    private static func changing(_ store: MemoryStore, claims: String) -> any Store {
        RefreshingStore(store) { result in
            result.map { advanced in
                guard case .advanced(let decision, let session, var account, let now) = advanced else {
                    return advanced
                }
                account.name = "alicia"
                account.claims = claims
                return .advanced(decision, session, account, at: now)
            }
        }
    }
}

/// A store in which the account loses its roles while the password is hashed.
private final class DemotingStore: PassingStore {
    let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    func openSession(
        _ opening: SessionOpening, at now: UnixTime
    ) async throws(StoreError) -> SessionOpened {
        let roles = try await store.account(id: opening.accountID)?.roles ?? []
        _ = try await store.setRoles([], ofAccount: opening.accountID, ifStill: roles)
        return try await store.openSession(opening, at: now)
    }
}
