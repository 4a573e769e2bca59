// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCoding
import LanyardCore
import TestSupport
import Testing

@Suite struct `An access token presented with a refresh` {
    @Test func `may be expired, if it is of the session`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let bearer = ["Authorization: bearer  \(login.text("access_token"))"]
        #expect(try fixture.refresh(login.text("refresh_token"), fields: bearer).status == 200)
        fixture.clock.advance(by: .seconds(86_400))
        #expect(try fixture.refresh(login.text("refresh_token"), fields: bearer).status == 200)
    }

    @Test func `is refused if it is another session's, and the session goes on`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let other = try fixture.logIn().text("access_token")
        let token = login.text("refresh_token")
        let answer = try fixture.refresh(token, fields: ["Authorization: Bearer \(other)"])
        #expect(answer.status == 401)
        #expect(answer.text("error") == "invalid_token")
        #expect(answer["www-authenticate"]?.contains(#"error="invalid_token""#) == true)
        #expect(try fixture.refresh(token).text("refresh_token") == token)
    }

    @Test func `is refused if anything of it is wrong`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let good = login.text("access_token")
        let parts = good.split(separator: ".").map(String.init)
        let unsigned = Base64URL.encode(Array(#"{"alg":"none","typ":"at+jwt"}"#.utf8)) + "." + parts[1] + "."
        for bad in ["", "x", good + "A", good.dropLast(2) + "AA", unsigned, "\(parts[0]).\(parts[1])"] as [String] {
            let answer = try fixture.refresh(login.text("refresh_token"), fields: ["Authorization: Bearer \(bad)"])
            #expect(answer.status == 401, "\(bad)")
            #expect(answer.text("error") == "invalid_token", "\(bad)")
        }
    }

    @Test func `must be there when the settings ask for it`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.requiresAccessToken = true }
        let login = try fixture.logIn()
        let token = login.text("refresh_token")
        #expect(try fixture.refresh(token).text("error") == "invalid_token")
        #expect(try fixture.refresh(token, fields: ["Authorization: Basic YTpi"]).text("error") == "invalid_token")
        let bearer = "Authorization: Bearer \(login.text("access_token"))"
        #expect(try fixture.refresh(token, fields: [bearer]).status == 200)
        // A forged refresh token is told apart first.
        #expect(try fixture.refresh("x", fields: [bearer]).text("error") == "invalid_grant")
    }
}
