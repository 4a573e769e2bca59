// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardCrypto
import LanyardStore
import TestSupport
import Testing

@Suite struct `An access token presented to the service itself` {
    /// A change of a good token's claims, and whether the token is still accepted.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let change: @Sendable (inout JSONObject, UnixTime) -> Void
        var type = "at+jwt"
        let status: Int
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "as it is", change: { _, _ in }, status: 200),
        Case(name: "of the type JWT", change: { _, _ in }, type: "JWT", status: 200),
        Case(name: "of another type", change: { _, _ in }, type: "secevent+jwt", status: 401),
        Case(name: "of another issuer", change: { claims, _ in claims["iss"] = "https://other.example" }, status: 401),
        Case(name: "for our second audience", change: { claims, _ in claims["aud"] = "feeds" }, status: 200),
        Case(
            name: "for the admin interface", change: { claims, _ in claims["aud"] = "lanyard-admin" }, status: 200),
        Case(
            name: "for ours and another", change: { claims, _ in claims["aud"] = ["other", "lanyard"] }, status: 200),
        Case(name: "for another audience", change: { claims, _ in claims["aud"] = "other" }, status: 401),
        Case(name: "without session", change: { claims, _ in claims["sid"] = nil }, status: 401),
        Case(
            name: "of an unknown session", change: { claims, _ in claims["sid"] = "AAAAAAAAAAAAAAAAAAAAAA" },
            status: 401),
        Case(name: "of another account", change: { claims, _ in claims["sub"] = "somebody" }, status: 401),
        Case(name: "a second before exp", change: at("exp", 1), status: 200),
        Case(name: "at exp", change: at("exp", 0), status: 401),
        Case(name: "30 s before nbf", change: at("nbf", 30), status: 200),
        Case(name: "31 s before nbf", change: at("nbf", 31), status: 401),
        Case(name: "30 s before iat", change: at("iat", 30), status: 200),
        Case(name: "31 s before iat", change: at("iat", 31), status: 401),
    ]

    private static func at(_ name: String, _ seconds: Int64) -> @Sendable (inout JSONObject, UnixTime) -> Void {
        { claims, now in claims[name] = .number(JSONNumber(now.seconds + seconds)) }
    }

    @Test(arguments: cases)
    func `is judged by the rules of who issued it`(testCase: Case) async throws {
        let fixture = try await ServiceFixture()
        var claims = try fixture.logIn().claims
        testCase.change(&claims, fixture.clock.now)
        let token = try fixture.signed(claims, type: testCase.type)
        let answer = try fixture.send("GET", "/me", fields: ["Authorization: Bearer \(token)"])
        #expect(answer.status == testCase.status)
        if answer.status == 401 { #expect(answer.text("error") == "invalid_token") }
    }

    static let endpoints = [
        ("GET", "/me"), ("HEAD", "/me"), ("GET", "/sessions"), ("DELETE", "/sessions/AAAAAAAAAAAAAAAAAAAAAA"),
        ("POST", "/password"),
    ]

    @Test(arguments: endpoints, [[], ["Authorization: Basic YTpi"]])
    func `must be there, and who has none is not told that one is wrong`(
        endpoint: (String, String), fields: [String]
    ) async throws {
        let fixture = try await ServiceFixture()
        let answer = try fixture.send(endpoint.0, endpoint.1, fields: fields)
        #expect(answer.status == 401)
        // RFC 6750 §3.1.
        #expect(answer["www-authenticate"] == #"Bearer realm="https://auth.example.com""#)
        if endpoint.0 != "HEAD" { #expect(answer.text("error") == "invalid_token") }
    }

    @Test(arguments: endpoints, ["Bearer", "Bearer ", "bearer x", "Bearer a.b.c", "BEARER rt1.a.1.b"])
    func `is refused when it is none`(endpoint: (String, String), value: String) async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        let answer = try fixture.send(endpoint.0, endpoint.1, fields: ["Authorization: \(value)"])
        #expect(answer.status == 401)
        #expect(answer["www-authenticate"]?.contains(#"error="invalid_token""#) == true)
        #expect(answer["cache-control"] == "no-store")
    }

    @Test func `is refused when its signature is not ours, and the store is not asked`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        let login = try fixture.logIn()
        let token = login.text("access_token")
        #expect(try fixture.get("/me", with: login).status == 503)
        let forged = token.dropLast(4) + "AAAA"
        #expect(try fixture.send("GET", "/me", fields: ["Authorization: Bearer \(forged)"]).status == 401)
    }

    @Test func `is not taken for a refresh token, nor a refresh token for one`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let refresh = "Authorization: Bearer \(login.text("refresh_token"))"
        #expect(try fixture.send("GET", "/me", fields: [refresh]).status == 401)
        #expect(try fixture.refresh(login.text("access_token")).status == 401)
    }

    @Test func `in two lines is no request`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        #expect(try fixture.send("GET", "/me", fields: [login.bearer, login.bearer]).status == 400)
    }

    /// What ends a session, and the word that the log has for it.
    enum End: String, CaseIterable, Sendable {
        case logout, idle, expired, disabled, unknown, password, reuse, revoked
    }

    @Test(arguments: End.allCases)
    func `is void at once when its session is over`(end: End) async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(
            configure: {
                // An access token lives 900 s: both ends can come before that.
                $0.policies.sessions.lifetimes.idle = .seconds(end == .idle ? 60 : 600)
                $0.policies.sessions.lifetimes.absolute = .seconds(end == .expired ? 60 : 600)
                $0.policies.sessions.lifetimes.refreshGrace = .zero
                $0.policies.sessions.maximumPerAccount = end == .revoked ? 1 : 100
            }, log: recorder.logger)
        let login = try fixture.logIn()
        // One that does not expire with the session, as when lifetimes have been shortened since.
        var claims = try login.claims
        claims["exp"] = .number(JSONNumber(fixture.clock.now.seconds + 900))
        let bearer = "Authorization: Bearer \(try fixture.signed(claims))"
        #expect(try fixture.send("GET", "/me", fields: [bearer]).status == 200)
        let (store, clock, id) = (fixture.store, fixture.clock, fixture.alice.id)
        switch end {
        case .logout: _ = try fixture.post("/logout", "{}", with: login)
        case .idle, .expired: clock.advance(by: .seconds(60))
        case .disabled:
            _ = try await store.setDisabled(true, account: id, at: clock.now)
        case .unknown: _ = try await store.removeAccount(id: id, at: clock.now)
        case .password:
            _ = try fixture.changePassword(to: "another password of hers", with: fixture.logIn())
        case .reuse:
            let second = try fixture.refresh(login.text("refresh_token")).text("refresh_token")
            _ = try fixture.refresh(second)
            #expect(try fixture.refresh(login.text("refresh_token")).status == 401)
        case .revoked: _ = try fixture.logIn()
        }
        _ = recorder.take()
        for (method, path) in Self.endpoints {
            let body = method == "POST" ? #"{"current_password":"a","new_password":"b"}"# : nil
            let answer = try fixture.send(method, path, fields: [bearer], body: body)
            #expect(answer.status == 401, "\(path)")
            #expect(answer["www-authenticate"]?.contains(#"error="invalid_token""#) == true, "\(path)")
        }
        #expect(try fixture.send("POST", "/logout", fields: [bearer]).status == 401)
        let lines = recorder.take()
        #expect(lines.map { $0["event"] } == Array(repeating: "access_refused", count: 6))
        #expect(Set(lines.map { $0["reason"] }) == [end.rawValue])
        #expect(lines.allSatisfy { $0["sid"] == (try? login.sessionID) && $0["account"] == id.text })
    }

    @Test func `of an account that was disabled and enabled stays void`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        for isDisabled in [true, false] {
            _ = try await fixture.store.setDisabled(isDisabled, account: fixture.alice.id, at: fixture.clock.now)
        }
        #expect(try fixture.get("/me", with: login).status == 401)
        #expect(try fixture.get("/me", with: fixture.logIn()).status == 200)
    }

    @Test func `that expired is told apart in the log only`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let login = try fixture.logIn()
        _ = recorder.take()
        fixture.clock.advance(by: .seconds(900))
        let expired = try fixture.get("/me", with: login)
        let forged = try fixture.send("GET", "/me", fields: ["Authorization: Bearer x"])
        #expect(expired.text("detail") == forged.text("detail"))
        #expect(expired["www-authenticate"] == forged["www-authenticate"])
        #expect(recorder.take().map { $0["reason"] } == ["token_expired", "token_malformed"])
    }
}
