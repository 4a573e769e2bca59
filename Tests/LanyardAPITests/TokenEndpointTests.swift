// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardCoding
import LanyardCore
import LanyardStore
import LanyardVerifier
import TestSupport
import Testing

@Suite struct `The token endpoint` {
    @Test func `gives what a refresh gives`() async throws {
        let fixture = try await ServiceFixture()
        let login = try fixture.logIn()
        let token = login.text("refresh_token")
        for further in ["", "&client_id=lanyard", "&client_id=", "&scope=", "&client_secret=", "&resource=x&unknown="] {
            let answer = try fixture.token("grant_type=refresh_token&refresh_token=\(token)\(further)")
            #expect(answer.status == 200, "\(further)")
            #expect(answer["content-type"] == "application/json")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["pragma"] == "no-cache")
            #expect(try answer.json["token_type"] == "Bearer")
            #expect(try answer.json["expires_in"] == 900)
            #expect(answer.text("refresh_token") == token)
            let names = ["access_token", "token_type", "expires_in", "refresh_after", "refresh_token"]
            #expect(try Set(answer.json.members.map(\.name)).isSuperset(of: names))
            let before = try fixture.verify(login.text("access_token"))
            #expect(try fixture.verify(answer.text("access_token")).sessionID == before.sessionID)
        }
    }

    @Test func `decides as the refresh endpoint does`() async throws {
        let fixture = try await ServiceFixture()
        let first = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(10))
        let second = try fixture.present(first).text("refresh_token")
        #expect(second != first)
        #expect(try fixture.refresh(first).text("refresh_token") == second)
        fixture.clock.advance(by: .seconds(10))
        let third = try fixture.refresh(first).text("refresh_token")
        let reused = try fixture.present(second)
        expectError(reused, 400, "invalid_grant")
        #expect(reused["www-authenticate"] == nil)
        #expect(try fixture.refresh(third).status == 401, "the session is over")
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let body: String, error: String
        var status = 400
        var testDescription: String { body }
    }

    static let refusals = [
        Refusal(body: "", error: "invalid_request"),
        Refusal(body: "refresh_token=TOKEN", error: "invalid_request"),
        Refusal(body: "grant_type=&refresh_token=TOKEN", error: "invalid_request"),
        Refusal(body: "grant_type=refresh_token", error: "invalid_request"),
        Refusal(body: "grant_type=refresh_token&refresh_token=", error: "invalid_request"),
        Refusal(body: "GOOD&refresh_token=TOKEN", error: "invalid_request"),
        Refusal(body: "GOOD&grant_type=refresh_token", error: "invalid_request"),
        Refusal(body: "GOOD&unknown=1&unknown=1", error: "invalid_request"),
        Refusal(body: "GOOD&a=%zz", error: "invalid_request"),
        Refusal(body: "GOOD&a=%ff", error: "invalid_request"),
        Refusal(body: "GOOD\r\n", error: "invalid_request"),
        Refusal(body: "grant_type=password&username=alice&password=x", error: "unsupported_grant_type"),
        Refusal(body: "grant_type=Refresh_Token&refresh_token=TOKEN", error: "unsupported_grant_type"),
        Refusal(body: "grant_type=authorization_code&code=x", error: "unsupported_grant_type"),
        Refusal(body: "GOOD&client_id=feeds&client_secret=x", error: "invalid_client", status: 401),
        Refusal(body: "GOOD&client_secret=x", error: "invalid_client", status: 401),
        Refusal(body: "GOOD&client_id=lanyard&client_secret=x", error: "invalid_client", status: 401),
        Refusal(body: "GOOD&client_assertion=x", error: "invalid_client", status: 401),
        Refusal(body: "GOOD&client_id=feeds", error: "invalid_grant"),
        Refusal(body: "GOOD&client_id=Lanyard", error: "invalid_grant"),
        Refusal(body: "GOOD&scope=reader", error: "invalid_scope"),
        Refusal(body: "grant_type=refresh_token&refresh_token=x", error: "invalid_grant"),
        Refusal(body: "grant_type=refresh_token&refresh_token=TOKENx", error: "invalid_grant"),
    ]

    @Test(arguments: refusals)
    func `refuses in the words of OAuth`(refusal: Refusal) async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        let body = refusal.body.replacing("GOOD", with: "grant_type=refresh_token&refresh_token=TOKEN")
            .replacing("TOKEN", with: token)
        let answer = try fixture.token(body)
        expectError(answer, refusal.status, refusal.error)
        #expect(answer["www-authenticate"] == (refusal.status == 401 ? Self.basicChallenge : nil))
        #expect(try fixture.present(token).status == 200, "the session goes on")
    }

    @Test(arguments: ["Basic bGFueWFyZDo=", "basic x", "Digest username=\"a\"", "Basic"])
    func `refuses credentials that no client has`(authorization: String) async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        let answer = try fixture.present(token, fields: ["Authorization: \(authorization)"])
        expectError(answer, 401, "invalid_client")
        #expect(answer["www-authenticate"] == Self.basicChallenge)
    }

    @Test func `ties a refresh to an access token as the refresh endpoint does`() async throws {
        let fixture = try await ServiceFixture { $0.policies.sessions.requiresAccessToken = true }
        let login = try fixture.logIn()
        let token = login.text("refresh_token")
        for fields in [[], ["Authorization: Bearer x"]] {
            let answer = try fixture.present(token, fields: fields)
            expectError(answer, 401, "invalid_token")
            #expect(answer["www-authenticate"]?.hasPrefix("Bearer ") == true)
        }
        let bearer = "Authorization: Bearer \(login.text("access_token"))"
        #expect(try fixture.present(token, fields: [bearer]).status == 200)
    }

    @Test(arguments: ["application/json", "text/plain", "multipart/form-data; boundary=a", ""])
    func `reads forms alone`(type: String) async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        let body = #"{"grant_type":"refresh_token","refresh_token":"\#(token)"}"#
        let answer = try fixture.send("POST", "/token", body: body, type: type)
        expectProblem(answer, 415, "unsupported_media_type")
        #expect(answer["accept"] == "application/x-www-form-urlencoded")
        // The label on an empty box says nothing.
        expectError(try fixture.send("POST", "/token", body: "", type: type), 400, "invalid_request")
    }

    @Test func `tells in the form of everywhere what OAuth has no word for`() async throws {
        let fixture = try await ServiceFixture()
        let wrong = try fixture.send("GET", "/token")
        expectProblem(wrong, 405, "method_not_allowed")
        #expect(wrong["allow"] == "POST, OPTIONS")
        let form = "application/x-www-form-urlencoded"
        let compressed = try fixture.send(
            "POST", "/token", fields: ["Content-Encoding: gzip"], body: "grant_type=refresh_token", type: form)
        expectProblem(compressed, 415, "unsupported_media_type")
        #expect(compressed["accept-encoding"] == "identity")
        expectProblem(try fixture.token(String(repeating: "a", count: 65_537)), 413, "content_too_large")
    }

    @Test func `is refused while the store is away, and never as a bad token`() async throws {
        let fixture = try await ServiceFixture(wrapping: { RefreshingStore($0) { _ in .failure(.unavailable) } })
        let answer = try fixture.present(fixture.logIn().text("refresh_token"))
        expectProblem(answer, 503, "store_unavailable")
        #expect(answer["retry-after"] == "2")
    }

    @Test func `answers pages of allowed origins`() async throws {
        let fixture = try await ServiceFixture()
        let token = try fixture.logIn().text("refresh_token")
        let origin = "Origin: https://app.example.com"
        for answer in [try fixture.present(token, fields: [origin]), try fixture.present("x", fields: [origin])] {
            #expect(answer["access-control-allow-origin"] == "https://app.example.com")
            #expect(answer["vary"] == "Origin")
        }
        let stranger = try fixture.present(token, fields: ["Origin: https://evil.example"])
        #expect(stranger["access-control-allow-origin"] == nil)
        let preflight = try fixture.send(
            "OPTIONS", "/token", fields: [origin, "Access-Control-Request-Method: POST"])
        #expect(preflight.status == 204)
        #expect(preflight["access-control-allow-methods"] == "POST, OPTIONS")
    }

    private static let basicChallenge = #"Basic realm="https://auth.example.com""#

    private func expectError(_ answer: RawResponse, _ status: Int, _ error: String) {
        #expect(answer.status == status)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["pragma"] == "no-cache")
        #expect((try? answer.json.members.map(\.name)) == ["error", "error_description"])
        #expect(answer.text("error") == error)
        // RFC 6749 §5.2: neither quotes nor backslashes, and nothing that is not ASCII.
        #expect(answer.text("error_description").wholeMatch(of: /[\x20-\x21\x23-\x5B\x5D-\x7E]+/) != nil)
    }

    private func expectProblem(_ answer: RawResponse, _ status: Int, _ error: String) {
        #expect(answer.status == status)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(answer.text("error") == error)
    }
}

extension ServiceFixture {
    /// Posts a form to the token endpoint.
    fileprivate func token(_ body: String, fields: [String] = []) throws -> RawResponse {
        try send("POST", "/token", fields: fields, body: body, type: "application/x-www-form-urlencoded")
    }

    /// Presents a refresh token to the token endpoint.
    fileprivate func present(_ token: String, fields: [String] = []) throws -> RawResponse {
        try self.token("grant_type=refresh_token&refresh_token=\(token)", fields: fields)
    }
}
