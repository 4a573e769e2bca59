// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardPasswords
import LanyardStore
import TestSupport
import Testing

@Suite struct `A password change by its owner` {
    static let new = "another password of alice"

    @Test func `ends every other session, and only the new password logs in`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let (mine, other) = (try fixture.logIn(), try fixture.logIn())
        let bobs = try await fixture.logInBob()
        _ = recorder.take()
        let answer = try fixture.changePassword(to: Self.new, with: mine)
        #expect(answer.status == 204)
        #expect(answer["cache-control"] == "no-store")
        let lines = recorder.take()
        #expect(lines.map { $0["event"] } == ["session_ended", "password_changed"])
        #expect(try lines.map { $0["sid"] } == [other.sessionID, mine.sessionID])
        #expect(lines.allSatisfy { $0["account"] == fixture.alice.id.text })
        #expect(lines.first?["reason"] == "password")

        #expect(try fixture.get("/me", with: mine).status == 200)
        #expect(try fixture.refresh(mine.text("refresh_token")).status == 200)
        #expect(try fixture.get("/me", with: other).status == 401)
        #expect(try fixture.refresh(other.text("refresh_token")).status == 401)
        #expect(try fixture.get("/me", with: bobs).status == 200)
        #expect(try fixture.logIn().text("error") == "invalid_credentials")
        #expect(try fixture.logIn(password: Self.new).status == 200)
    }

    @Test func `takes a form, and compares in NFC`() async throws {
        let fixture = try await ServiceFixture()
        let form = "application/x-www-form-urlencoded"
        let body = "current_password=a+password+of%20alice&new_password=e%CC%81te%CC%81+a+la+plage+demain"
        let login = try fixture.logIn()
        #expect(try fixture.send("POST", "/password", fields: [login.bearer], body: body, type: form).status == 204)
        #expect(try fixture.logIn(password: "\u{E9}t\u{E9} a la plage demain").status == 200)
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let name: String, body: String, status: Int, error: String
        /// How many hashes it costs.
        let hashes: Int
        var testDescription: String { name }

        init(_ name: String, current: String = ServiceFixture.password, new: String, _ error: String) {
            self.name = name
            body = #"{"current_password":"\#(current)","new_password":"\#(new)"}"#
            self.error = error
            status = error == "invalid_credentials" ? 401 : 422
            hashes = 1
        }

        init(_ name: String, malformed body: String) {
            self.name = name
            self.body = body
            (status, error, hashes) = (400, "invalid_request", 0)
        }
    }

    static let refusals = [
        Refusal("a wrong current one", current: "a password of bob", new: new, "invalid_credentials"),
        Refusal("an empty current one", current: "", new: new, "invalid_credentials"),
        Refusal(
            "an over-long current one", current: String(repeating: "a", count: 9_000), new: new, "invalid_credentials"),
        Refusal("a wrong current one and a bad new one", current: "wrong", new: "short", "invalid_credentials"),
        Refusal("too short", new: "fourteen chars", "password_too_short"),
        Refusal("empty", new: "", "password_too_short"),
        Refusal("too long", new: String(repeating: "a ", count: 129), "password_too_long"),
        Refusal("on the list", new: "correct horse battery staple", "password_blocked"),
        Refusal("the same", new: ServiceFixture.password, "password_blocked"),
        Refusal("the same in capitals", new: "A Password of Alice", "password_blocked"),
        Refusal("the address", new: "alice@example.com", "password_blocked"),
        Refusal("a control character", new: #"another\u0007password of alice"#, "password_blocked"),
        Refusal("no JSON", malformed: "{"),
        Refusal("no new one", malformed: #"{"current_password":"a password of alice"}"#),
        Refusal("no current one", malformed: #"{"new_password":"another password of alice"}"#),
        Refusal("a number", malformed: #"{"current_password":"a password of alice","new_password":1}"#),
        Refusal("null", malformed: #"{"current_password":null,"new_password":"another password of alice"}"#),
        Refusal("nothing", malformed: "{}"),
    ]

    @Test(arguments: refusals)
    func `is refused with the status and the word for it, and ends nothing`(refusal: Refusal) async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let (mine, other) = (try fixture.logIn(), try fixture.logIn())
        let before = fixture.hashesComputed
        _ = recorder.take()
        let answer = try fixture.post("/password", refusal.body, with: mine)
        #expect(answer.status == refusal.status)
        #expect(answer.text("error") == refusal.error)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(fixture.hashesComputed - before == refusal.hashes)
        if refusal.status == 401 {
            #expect(answer["www-authenticate"] == #"Bearer realm="https://auth.example.com""#)
            let lines = recorder.take()
            #expect(lines.map { $0["event"] } == ["password_refused"])
            #expect(lines.first?["reason"] == "wrong_password")
        } else {
            #expect(recorder.take().map { [$0["event"], $0["error"]] } == [["request_refused", refusal.error]])
        }
        #expect(try fixture.get("/me", with: mine).status == 200)
        #expect(try fixture.get("/me", with: other).status == 200)
        #expect(try fixture.logIn().status == 200)
    }

    @Test func `says how long a password is to be`() async throws {
        let fixture = try await ServiceFixture {
            $0.policies.passwords = PasswordPolicy(minimumLength: 17, maximumLength: 64)
        }
        let login = try fixture.logIn()
        #expect(try fixture.changePassword(to: "short", with: login).text("detail").contains("17"))
        let long = String(repeating: "long ", count: 20)
        #expect(try fixture.changePassword(to: long, with: login).text("detail").contains("64"))
    }

    @Test func `needs an access token before anything is read`() async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.post("/password", "{").text("error") == "invalid_token")
        let client = try fixture.server.connect()
        try client.send(
            """
            POST /password HTTP/1.1\r
            Host: auth.example.com\r
            Content-Type: application/json\r
            Content-Length: 2\r
            Expect: 100-continue\r
            \r

            """)
        #expect(try client.readResponse().status == 401)
    }

    @Test func `is put off with 503 when too many wait, and has changed nothing`() async throws {
        let lane = HeldLane()
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let fixture = try await ServiceFixture(
            lanes: PasswordLanes.Settings(laneCount: 1, queueCapacity: 0, parameters: cheap), derive: lane.derive)
        let mine = try fixture.logIn()
        lane.hold()
        let first = try fixture.server.connect()
        let body = #"{"username":"bob","password":"some password"}"#
        let head = "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        try first.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        try lane.waitUntilHeld()
        let answer = try fixture.changePassword(to: Self.new, with: mine)
        #expect(answer.status == 503)
        #expect(answer.text("error") == "overloaded")
        #expect(answer["retry-after"] == "1")
        lane.letGo()
        #expect(try first.readResponse().status == 401)
        #expect(try fixture.changePassword(to: Self.new, with: mine).status == 204)
    }

    @Test(arguments: [FailingStore.Step.session, .setPassword])
    func `is refused while the store is away, and never as a wrong password`(step: FailingStore.Step) async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: step) })
        let answer = try fixture.changePassword(to: Self.new, with: fixture.logIn())
        #expect(answer.status == 503)
        #expect(answer.text("error") == "store_unavailable")
        #expect(answer["retry-after"] == "2")
    }

    @Test func `does not undo one that came between`() async throws {
        let fixture = try await ServiceFixture(wrapping: { OvertakingStore($0) })
        let mine = try fixture.logIn()
        let answer = try fixture.changePassword(to: Self.new, with: mine)
        #expect(answer.status == 401)
        #expect(answer.text("error") == "invalid_credentials")
        let account = try #require(try await fixture.store.account(id: fixture.alice.id))
        #expect(account.password == OvertakingStore.password.sealed)
    }

    @Test func `opens no session for a login that knows the old one and is under way`() async throws {
        let lane = HeldLane()
        let cheap = try Argon2Parameters(memoryKiB: 8_192, iterations: 1, parallelism: 1)
        let fixture = try await ServiceFixture(
            lanes: PasswordLanes.Settings(laneCount: 1, queueCapacity: 8, parameters: cheap), derive: lane.derive)
        let mine = try fixture.logIn()
        // The login has read the account, and its hash is held up; the change is made by another replica.
        lane.hold()
        let login = try fixture.server.connect()
        let body = #"{"username":"alice","password":"\#(ServiceFixture.password)"}"#
        let head = "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        try login.send(head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
        try lane.waitUntilHeld()
        let conditions = PasswordConditions(keeping: try SessionID(mine.sessionID), epoch: fixture.alice.epoch)
        let ended = try await fixture.store.setPassword(
            [1], ofAccount: fixture.alice.id, conditions, at: fixture.clock.now)
        #expect(ended == [])
        lane.letGo()
        #expect(try login.readResponse().text("error") == "invalid_credentials")
        let list = try fixture.get("/sessions", with: mine).json["sessions"]?.array
        #expect(list?.count == 1)
    }
}

/// A store in which somebody else changes the password before the owner's change is written.
private final class OvertakingStore: PassingStore {
    let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    static let password: StoredPassword = [1, 2, 3]

    func setPassword(
        _ password: StoredPassword, ofAccount id: AccountID, _ conditions: PasswordConditions, at now: UnixTime
    ) async throws(StoreError) -> [EndedSession]? {
        _ = try await store.setPassword(Self.password, ofAccount: id, PasswordConditions(), at: now)
        return try await store.setPassword(password, ofAccount: id, conditions, at: now)
    }
}
