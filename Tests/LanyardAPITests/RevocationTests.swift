// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `Revocation` {
    @Test(arguments: ["", "&client_id=lanyard", "&client_id=", "&token_type_hint=access_token", "&token_type_hint=x"])
    func `ends the session of a token, of either kind`(further: String) async throws {
        let log = LogRecorder()
        let fixture = try await ServiceFixture(log: log.logger)
        for name in ["refresh_token", "access_token"] {
            let (login, other) = (try fixture.logIn(), try fixture.logIn())
            expectRevoked(try revoke(login.text(name) + further, fixture))
            let line = try #require(log.take().last)
            #expect(line["event"] == "session_ended" && line["reason"] == "logout")
            #expect(try line["sid"] == login.sessionID)
            #expect(try fixture.refresh(login.text("refresh_token")).text("error") == "invalid_grant")
            #expect(try fixture.get("/me", with: login).status == 401)
            #expect(try fixture.get("/me", with: other).status == 200)
            expectRevoked(try revoke(login.text(name), fixture))
        }
    }

    @Test func `takes a refresh token of any generation`() async throws {
        let fixture = try await ServiceFixture()
        let first = try fixture.logIn().text("refresh_token")
        var last = first
        for _ in 0..<3 {
            fixture.clock.advance(by: .seconds(10))
            last = try fixture.refresh(last).text("refresh_token")
        }
        expectRevoked(try revoke(first, fixture))
        #expect(try fixture.refresh(last).status == 401)
    }

    @Test func `says the same of what is no token, or none any more`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let refresh = login.text("refresh_token")
        let forged = refresh.dropLast(4) + "AAAA"
        for token in ["x", "..", String(forged), String(repeating: "a", count: 60_000), "%00"] {
            expectRevoked(try revoke(token, fixture))
        }
        fixture.clock.advance(by: .seconds(900))
        expectRevoked(try revoke(login.text("access_token"), fixture))
        #expect(try fixture.refresh(refresh).status == 200, "an expired access token ends nothing")
    }

    @Test func `does nothing to the tokens of logins for a service`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let login = try fixture.logIn()
        for token in [login.text("refresh_token"), login.text("access_token"), "x"] {
            expectRevoked(try revoke(token, fixture, [basic("feeds", secret)]))
            expectRevoked(try revoke("\(token)&client_id=feeds&client_secret=\(secret)", fixture))
        }
        #expect(try fixture.get("/me", with: login).status == 200)
        #expect(try fixture.refresh(login.text("refresh_token")).status == 200)
    }

    @Test func `tells a service that it cannot revoke its own token, and nobody else`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        let billing = try await fixture.addClient("billing")
        let token = try fixture.clientToken(secret).text("access_token")
        let answer = try revoke(token, fixture, [basic("feeds", secret)])
        expectOAuthError(answer, 400, "unsupported_token_type")
        #expect(answer.text("error_description").contains("an operator can"))
        expectRevoked(try revoke(token, fixture, [basic("billing", billing)]))
        expectRevoked(try revoke(token, fixture))
        #expect(try fixture.introspect(token, secret).json["active"] == true)
    }

    @Test func `asks for a token, and for the secret of who names another client`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        for form in ["", "token=", "token_type_hint=refresh_token", "token=a&token=a"] {
            expectOAuthError(try fixture.post(form: form, to: "/revoke"), 400, "invalid_request", "\(form)")
        }
        expectOAuthError(try revoke("\(token)&client_id=feeds", fixture), 401, "invalid_client")
        expectOAuthError(try revoke(token, fixture, [basic("feeds", "x")]), 401, "invalid_client")
        #expect(try fixture.refresh(token).status == 200)
    }

    @Test func `is not said to be done while the store is away`() async throws {
        let fixture = try await ServiceFixture(wrapping: { FailingStore($0, at: .endSessions) })
        let answer = try revoke(fixture.logIn().text("refresh_token"), fixture)
        #expect(answer.status == 503)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(answer.text("error") == "store_unavailable")
    }

    private func revoke(_ token: String, _ fixture: ServiceFixture, _ fields: [String] = []) throws -> RawResponse {
        try fixture.post(form: "token=\(token)", to: "/revoke", fields: fields)
    }

    private func expectRevoked(_ answer: RawResponse, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(answer.status == 200, sourceLocation: sourceLocation)
        #expect(answer["cache-control"] == "no-store", sourceLocation: sourceLocation)
        #expect(answer.body.isEmpty && answer["content-length"] == "0", sourceLocation: sourceLocation)
    }
}
