// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardHTTP
import LanyardStore
internal import LanyardWeb
import TestSupport
import Testing

@Suite struct `The sessions of an account` {
    private func ids(_ answer: RawResponse) throws -> [String] {
        try #require(answer.json["sessions"]?.array).map { $0.object?["id"]?.string ?? "" }
    }

    @Test func `are listed newest first, and the one that asks is marked`() async throws {
        let fixture = try await ServiceFixture {
            $0.trustedProxies = TrustedProxies([AddressBlock("127.0.0.0/8")].compactMap(\.self))
        }
        let start = fixture.clock.now
        let first = try fixture.logIn(#","label":"phone""#, fields: ["X-Forwarded-For: 203.0.113.7"])
        fixture.clock.advance(by: .seconds(60))
        let second = try fixture.logIn()
        fixture.clock.advance(by: .seconds(60))
        _ = try fixture.refresh(first.text("refresh_token"))
        let answer = try fixture.get("/sessions", with: second)
        #expect(answer.status == 200)
        #expect(answer["cache-control"] == "no-store")
        let expected: JSONObject = [
            "sessions": [
                [
                    "id": .string(try second.sessionID), "label": .null,
                    "created": .string((start + .seconds(60)).rfc3339),
                    "last_used": .string((start + .seconds(60)).rfc3339), "network": "127.0.0.0/24",
                    "current": true,
                ],
                [
                    "id": .string(try first.sessionID), "label": "phone", "created": .string(start.rfc3339),
                    "last_used": .string((start + .seconds(120)).rfc3339), "network": "203.0.113.0/24",
                    "current": false,
                ],
            ]
        ]
        #expect(try answer.json == expected)
    }

    @Test func `are neither those of others nor those that are over`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.lifetimes.idle = .seconds(600) }
        let idle = try fixture.logIn()
        fixture.clock.advance(by: .seconds(599))
        let over = try fixture.logIn()
        let mine = try fixture.logIn()
        _ = try await fixture.logInBob()
        #expect(try fixture.post("/logout", "{}", with: over).status == 204)
        #expect(
            try ids(fixture.get("/sessions", with: mine)).sorted() == [mine, idle].map { try $0.sessionID }.sorted())
        fixture.clock.advance(by: .seconds(1))
        #expect(try ids(fixture.get("/sessions", with: mine)) == [mine.sessionID])
    }

    @Test func `are no more than an account may have`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.maximumPerAccount = 2 }
        let logins = try (0..<3).map { _ in
            fixture.clock.advance(by: .seconds(1))
            return try fixture.logIn()
        }
        #expect(try ids(fixture.get("/sessions", with: logins[2])) == [logins[2], logins[1]].map { try $0.sessionID })
    }

    @Test func `end one by one, the others untouched`() async throws {
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(log: recorder.logger)
        let (mine, other) = (try fixture.logIn(), try fixture.logIn())
        _ = recorder.take()
        let path = "/sessions/\(try other.sessionID)"
        let answer = try fixture.send("DELETE", path, fields: [mine.bearer])
        #expect(answer.status == 204)
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["content-length"] == nil)
        let line = try #require(recorder.take().first)
        #expect(line["event"] == "session_ended")
        #expect(line["reason"] == "logout")
        #expect(try line["sid"] == other.sessionID)
        #expect(line["account"] == fixture.alice.id.text)

        #expect(try fixture.get("/me", with: other).status == 401)
        #expect(try fixture.refresh(other.text("refresh_token")).text("error") == "invalid_grant")
        #expect(try fixture.refresh(mine.text("refresh_token")).status == 200)
        let again = try fixture.send("DELETE", path, fields: [mine.bearer])
        #expect(again.status == 404)
        #expect(again.text("error") == "not_found")
    }

    @Test func `may end the one that asks`() async throws {
        let fixture = try await ServiceFixture()
        let mine = try fixture.logIn()
        let path = "/sessions/\(try mine.sessionID)"
        #expect(try fixture.send("DELETE", path, fields: [mine.bearer]).status == 204)
        #expect(try fixture.send("DELETE", path, fields: [mine.bearer]).text("error") == "invalid_token")
    }

    @Test func `of others, and those that never were, are told alike`() async throws {
        let fixture = try await ServiceFixture()
        let mine = try fixture.logIn()
        let bobs = try await fixture.logInBob()
        let others = try fixture.send("DELETE", "/sessions/\(try bobs.sessionID)", fields: [mine.bearer])
        let unknown = try fixture.send("DELETE", "/sessions/AAAAAAAAAAAAAAAAAAAAAA", fields: [mine.bearer])
        for answer in [others, unknown] {
            #expect(answer.status == 404)
            #expect(answer.text("error") == "not_found")
        }
        #expect(others.text("detail") == unknown.text("detail"))
        #expect(try fixture.get("/me", with: bobs).status == 200)
    }

    @Test func `that only time has ended cannot be ended again`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.lifetimes.idle = .seconds(600) }
        let idle = try fixture.logIn()
        fixture.clock.advance(by: .seconds(600))
        let mine = try fixture.logIn()
        #expect(try fixture.send("DELETE", "/sessions/\(try idle.sessionID)", fields: [mine.bearer]).status == 404)
    }

    static let oddIDs = [
        "", "/", "a/b", "a b", "%20", "a%2Fb", "..", ".", "%00a", "%C3%A9", "a.b", "a~", "*", "a;b", "a,b", "'",
        String(repeating: "a", count: 65), "K\u{0301}", "%E2%84%AA",
    ]

    @Test(arguments: oddIDs)
    func `have ids of one form, and nothing else is looked for`(id: String) async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .session) })
        let mine = try fixture.logIn()
        let answer = try fixture.send("DELETE", "/sessions/\(id)", fields: [mine.bearer])
        // The last three kinds are bytes that no target may have.
        #expect([400, 404].contains(answer.status), "\(answer.status)")
        #expect(["not_found", "invalid_request"].contains(answer.text("error")))
    }

    @Test func `are found by their id below the issuer's path too`() async throws {
        let fixture = try await ServiceFixture {
            $0.policies.tokens.issuer = IssuerURL(
                "https://example.com/auth", origin: "https://example.com", path: "/auth")
        }
        let (mine, other) = (try fixture.logIn(), try fixture.logIn())
        let path = "/auth/sessions/\(try other.sessionID)"
        #expect(try fixture.send("DELETE", "/other\(path)", fields: [mine.bearer]).status == 404)
        #expect(try fixture.send("DELETE", path, fields: [mine.bearer]).status == 204)
    }

    @Test func `have methods of their own`() async throws {
        let fixture = try await ServiceFixture()
        let list = try fixture.send("POST", "/sessions", body: "{}")
        #expect(list.status == 405)
        #expect(list["allow"] == "GET, HEAD, OPTIONS")
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "TRACE"] {
            let one = try fixture.send(method, "/sessions/AAAAAAAAAAAAAAAAAAAAAA")
            #expect(one.status == 405, "\(method)")
            #expect(one["allow"] == "DELETE, OPTIONS")
        }
        #expect(try fixture.send("OPTIONS", "/sessions/AAAAAAAAAAAAAAAAAAAAAA")["allow"] == "DELETE, OPTIONS")
        let preflight = try fixture.send(
            "OPTIONS", "/sessions/AAAAAAAAAAAAAAAAAAAAAA",
            fields: [
                "Origin: https://app.example.com", "Access-Control-Request-Method: DELETE",
                "Access-Control-Request-Headers: authorization",
            ])
        #expect(preflight.status == 204)
        #expect(preflight["access-control-allow-methods"] == "DELETE, OPTIONS")
        #expect(preflight["access-control-allow-origin"] == "https://app.example.com")
        #expect(try fixture.send("OPTIONS", "*")["allow"] == "GET, HEAD, POST, DELETE, OPTIONS")
    }

    @Test(arguments: [FailingStore.Step.session, .sessions, .endSessions])
    func `are told of by no store that is away`(step: FailingStore.Step) async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: step) })
        let mine = try fixture.logIn()
        let answers = [
            try fixture.get("/sessions", with: mine),
            try fixture.send("DELETE", "/sessions/\(try mine.sessionID)", fields: [mine.bearer]),
        ]
        let failing = step == .session ? answers : step == .sessions ? [answers[0]] : [answers[1]]
        for answer in failing {
            #expect(answer.status == 503)
            #expect(answer.text("error") == "store_unavailable")
            #expect(answer["retry-after"] == "2")
        }
    }
}
