// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `Logout` {
    private static func body(_ token: String, all: Bool = false) -> String {
        #"{"refresh_token":"\#(token)"\#(all ? #","all":true"# : "")}"#
    }

    /// Logs in and rotates twice: the tokens of generations 1 to 3, of which the last two are `previous` and `current`.
    private func rotated(_ fixture: ServiceFixture) throws -> [String] {
        var tokens = [try fixture.logIn().text("refresh_token")]
        for _ in 0..<2 {
            fixture.clock.advance(by: .seconds(60))
            tokens.append(try fixture.refresh(tokens.last ?? "").text("refresh_token"))
        }
        return tokens
    }

    @Test func `with a refresh token ends its session, and says so again`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let (login, other) = (try fixture.logIn(), try fixture.logIn())
        _ = recorder.take()
        let answer = try fixture.post("/logout", Self.body(login.text("refresh_token")))
        #expect(answer.status == 204)
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["content-type"] == nil)
        #expect(answer.cookies == Self.cleared)
        let line = try #require(recorder.take().first)
        #expect(line["event"] == "session_ended")
        #expect(line["reason"] == "logout")
        #expect(try line["sid"] == login.sessionID)
        #expect(try fixture.post("/logout", Self.body(login.text("refresh_token"))).status == 204)
        #expect(recorder.take().isEmpty, "what is over does not end again")
        #expect(try fixture.refresh(login.text("refresh_token")).text("error") == "invalid_grant")
        #expect(try fixture.get("/me", with: login).text("error") == "invalid_token")
        #expect(try fixture.get("/me", with: other).status == 200)
    }

    @Test(arguments: 0..<3)
    func `takes any refresh token of the session`(index: Int) async throws {
        let fixture = try await ServiceFixture()
        let tokens = try rotated(fixture)
        #expect(try fixture.post("/logout", Self.body(tokens[index])).status == 204)
        #expect(try fixture.refresh(tokens[2]).status == 401)
    }

    @Test func `of a session that is not known any more is done already`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        _ = try await fixture.store.removeAccount(id: fixture.alice.id, at: fixture.clock.now)
        for all in [false, true] {
            #expect(try fixture.post("/logout", Self.body(login.text("refresh_token"), all: all)).status == 204)
        }
    }

    @Test(arguments: ["", "x", "rt1.AAAAAAAAAAAAAAAAAAAAAA.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func `with a forged token is refused, and the store is not asked`(token: String) async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger, wrapping: { FailingStore($0, at: .endSessions) })
        let answer = try fixture.post("/logout", Self.body(token))
        #expect(answer.status == 401)
        #expect(answer.text("error") == "invalid_grant")
        #expect(answer["www-authenticate"] == #"Bearer realm="https://auth.example.com""#)
        #expect(recorder.take().map { $0["event"] } == ["logout_refused"])
    }

    @Test func `with an access token ends the session it is of`() async throws {
        let fixture = try await ServiceFixture()
        let (first, second, other) = (try fixture.logIn(), try fixture.logIn(), try fixture.logIn())
        #expect(try fixture.send("POST", "/logout", fields: [first.bearer]).status == 204)
        #expect(try fixture.post("/logout", "", with: second).status == 204)
        for login in [first, second] {
            #expect(try fixture.refresh(login.text("refresh_token")).status == 401)
            let again = try fixture.post("/logout", "{}", with: login)
            #expect(again.status == 401)
            #expect(again.text("error") == "invalid_token")
        }
        #expect(try fixture.refresh(other.text("refresh_token")).status == 200)
    }

    @Test func `goes by the body when both are presented`() async throws {
        let fixture = try await ServiceFixture()
        let (body, bearer) = (try fixture.logIn(), try fixture.logIn())
        let token = Self.body(body.text("refresh_token"))
        #expect(try fixture.post("/logout", Self.body("x"), with: bearer).text("error") == "invalid_grant")
        #expect(try fixture.get("/me", with: bearer).status == 200)
        #expect(try fixture.post("/logout", token, with: bearer).status == 204)
        #expect(try fixture.get("/me", with: body).status == 401)
        #expect(try fixture.get("/me", with: bearer).status == 200)
        // The access token has often expired when a client logs out.
        let expired = "Authorization: Bearer x"
        #expect(try fixture.send("POST", "/logout", fields: [expired], body: token).status == 204)
    }

    @Test(arguments: [(0, false), (1, true), (2, true)])
    func `of all takes the current token or the one before`(index: Int, endsAll: Bool) async throws {
        let fixture = try await ServiceFixture()
        let other = try fixture.logIn()
        let bobs = try await fixture.logInBob()
        let tokens = try rotated(fixture)
        #expect(try fixture.post("/logout", Self.body(tokens[index], all: true)).status == 204)
        #expect(try fixture.refresh(tokens[2]).status == 401)
        #expect(try fixture.get("/me", with: other).status == (endsAll ? 401 : 200))
        #expect(try fixture.get("/me", with: bobs).status == 200)
    }

    @Test func `of all needs a session that goes on`() async throws {
        let fixture = try await ServiceFixture()
        let (over, other) = (try fixture.logIn(), try fixture.logIn())
        for _ in 0..<2 {
            #expect(try fixture.post("/logout", Self.body(over.text("refresh_token"))).status == 204)
            #expect(try fixture.post("/logout", Self.body(over.text("refresh_token"), all: true)).status == 204)
            #expect(try fixture.post("/logout", #"{"all":true}"#, with: over).status == 401)
        }
        #expect(try fixture.get("/me", with: other).status == 200)
    }

    @Test(arguments: ["application/json", "application/x-www-form-urlencoded"])
    func `of all takes an access token`(type: String) async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let logins = [try fixture.logIn(), try fixture.logIn(), try fixture.logIn()]
        _ = recorder.take()
        let body = type == "application/json" ? #"{"all":true}"# : "all=true"
        #expect(try fixture.send("POST", "/logout", fields: [logins[1].bearer], body: body, type: type).status == 204)
        #expect(try Set(recorder.take().map { $0["sid"] ?? "" }) == Set(logins.map { try $0.sessionID }))
        for login in logins { #expect(try fixture.refresh(login.text("refresh_token")).status == 401) }
    }

    @Test func `that is not of all, by any word for it, ends one session`() async throws {
        let fixture = try await ServiceFixture()
        let other = try fixture.logIn()
        let form = "application/x-www-form-urlencoded"
        for (body, type) in [
            (#"{"all":false}"#, "application/json"), (#"{"all":null}"#, "application/json"), ("all=false", form),
            ("all=", form), ("", form),
        ] {
            let login = try fixture.logIn()
            #expect(try fixture.send("POST", "/logout", fields: [login.bearer], body: body, type: type).status == 204)
            #expect(try fixture.get("/me", with: login).status == 401)
        }
        #expect(try fixture.get("/me", with: other).status == 200)
    }

    static let malformed = [
        ("{", "application/json"), (#"{"all":"true"}"#, "application/json"), (#"{"all":1}"#, "application/json"),
        (#"{"refresh_token":1}"#, "application/json"), (#"{"all":true,"all":true}"#, "application/json"),
        ("all=1", "application/x-www-form-urlencoded"), ("all=TRUE", "application/x-www-form-urlencoded"),
        ("all=true&all=true", "application/x-www-form-urlencoded"),
    ]

    @Test(arguments: malformed)
    func `is refused if it is malformed, and ends nothing`(body: String, type: String) async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let answer = try fixture.send("POST", "/logout", fields: [login.bearer], body: body, type: type)
        #expect(answer.status == 400)
        #expect(answer.text("error") == "invalid_request")
        #expect(try fixture.get("/me", with: login).status == 200)
    }

    @Test(arguments: [nil, "", "{}", #"{"all":true}"#, #"{"refresh_token":null}"#] as [String?])
    func `needs something to go by`(body: String?) async throws {
        let fixture = try await ServiceFixture()
        for fields in [[], ["Authorization: Basic YTpi"]] {
            let answer = try fixture.send("POST", "/logout", fields: fields, body: body)
            #expect(answer.status == 400)
            #expect(answer.text("error") == "invalid_request")
        }
    }

    @Test func `reads no other type`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let body = Self.body(login.text("refresh_token"))
        #expect(try fixture.send("POST", "/logout", body: body, type: "text/plain").status == 415)
        #expect(try fixture.send("POST", "/logout", body: body, type: nil).status == 415)
    }

    @Test func `is never taken for done while the store is away`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .endSessions) })
        let login = try fixture.logIn()
        let answers = [
            try fixture.post("/logout", Self.body(login.text("refresh_token"))),
            try fixture.post("/logout", "{}", with: login),
        ]
        for answer in answers {
            #expect(answer.status == 503)
            #expect(answer.text("error") == "store_unavailable")
            #expect(answer["retry-after"] == "2")
        }
    }
}
