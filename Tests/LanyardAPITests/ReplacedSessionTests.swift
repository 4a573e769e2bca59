// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `A login in a browser that has a session` {
    private static let page = "Sec-Fetch-Site: same-origin"

    private func logIn(
        _ cookie: String?, _ fixture: ServiceFixture, delivery: String = "cookie", fields: [String] = [page],
        password: String = ServiceFixture.password
    ) throws -> RawResponse {
        let body = #"{"username":"alice","password":"\#(password)","delivery":"\#(delivery)"}"#
        let cookies = cookie.map { ["Cookie: __Host-lanyard=\($0)"] } ?? []
        return try fixture.send("POST", "/login", fields: cookies + fields, body: body)
    }

    private func refreshes(_ token: String, _ fixture: ServiceFixture) throws -> Bool {
        try fixture.refresh(token).status == 200
    }

    @Test(arguments: ["cookie", "cookies"], [["Sec-Fetch-Site: same-origin"], []])
    func `ends that session when it succeeds`(delivery: String, fields: [String]) async throws {
        let log = LogRecorder()
        let fixture = try await ServiceFixture(
            configure: { $0.policies.tokens.status = StatusPolicy(ttl: .seconds(60)) }, log: log.logger)
        let first = try logIn(nil, fixture)
        let old = try #require(first.cookie("__Host-lanyard"))
        let session = try #require(fixture.keyring.refreshTokens().decode(Array(old.utf8))).sessionID
        _ = log.take()
        let second = try logIn(old, fixture, delivery: delivery, fields: fields)
        #expect(second.status == 200)
        let ended = log.take().filter { $0["event"] == "session_ended" }
        #expect(ended.map { $0["sid"] } == [session.text] && ended.map { $0["reason"] } == ["replaced"])
        #expect(try !refreshes(old, fixture))
        #expect(try refreshes(try #require(second.cookie("__Host-lanyard")), fixture))
        let stored = try await fixture.store.session(id: session)?.session
        #expect(stored?.cause == .replaced)
        let bits = try await fixture.store.statusBits(after: nil, limit: 9, at: fixture.clock.now)
        #expect(bits.map(\.index) == [stored?.status])
        let metrics = try fixture.send("GET", "/metrics", to: fixture.management)
        #expect(String(decoding: metrics.body, as: UTF8.self).contains(#"{cause="replaced"} 1"#))
    }

    @Test func `ends the session of another account too, and one whose cookie is of an older generation`() async throws
    {
        let fixture = try await ServiceFixture()
        let bob = try await fixture.logInBob().text("refresh_token")
        #expect(try logIn(bob, fixture).status == 200)
        #expect(try !refreshes(bob, fixture))
        let first = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(100))
        let newest = try fixture.refresh(first).text("refresh_token")
        #expect(try logIn(first, fixture).status == 200)
        #expect(try !refreshes(newest, fixture))
    }

    @Test func `ends nothing when it fails, is from another page, or is not by cookie`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        #expect(try logIn(token, fixture, password: "a wrong password").status == 401)
        for fields in [["Sec-Fetch-Site: cross-site"], ["Origin: https://evil.example"]] {
            #expect(try logIn(token, fixture, fields: fields).status == 403)
        }
        #expect(try logIn(token, fixture, delivery: "body").status == 200)
        #expect(try logIn(String(token.dropLast(3)) + "AAA", fixture).status == 200, "the MAC is bad")
        #expect(try logIn("x\(token)", fixture).status == 200)
        let twice = ["Cookie: __Host-lanyard=\(token)", Self.page]
        #expect(try logIn(token, fixture, fields: twice).status == 200, "one of two was planted")
        #expect(try refreshes(token, fixture))
    }

    @Test func `ends nothing when its token does not fit into a cookie`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        let long = (0..<61).map { "role\($0)-" + String(repeating: "r", count: 55) }
        let (store, alice) = (fixture.store, fixture.alice)
        #expect(try await store.setRoles(Roles(distinct: long), ofAccount: alice.id, ifStill: alice.roles))
        #expect(try logIn(token, fixture, delivery: "cookies").status == 400)
        #expect(try refreshes(token, fixture))
    }

    @Test func `leaves the sessions of other browsers, where the account has as many as it may`() async throws {
        let fixture = try await ServiceFixture(configure: { $0.policies.sessions.maximumPerAccount = 2 })
        let other = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(1))
        let old = try fixture.logIn().text("refresh_token")
        #expect(try logIn(old, fixture).status == 200)
        #expect(try refreshes(other, fixture))
        #expect(try !refreshes(old, fixture))
    }

    @Test func `is answered while the store can end nothing by what it is`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .endSessions) })
        let old = try fixture.logIn().text("refresh_token")
        let answer = try logIn(old, fixture)
        #expect(answer.status == 503)
        #expect(answer.cookies.isEmpty)
    }
}
