// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
internal import LanyardBase
import LanyardCore
import LanyardHTTP
import LanyardStore
internal import LanyardWeb
import TestSupport
import Testing

@Suite struct `Wrong secrets of clients` {
    @Test func `are answered at once with how long to wait, when there were too many`() async throws {
        let log = LogRecorder()
        let fixture = try await ServiceFixture(log: log.logger)
        let secret = try await fixture.addClient()
        for _ in 0..<5 { expectOAuthError(try fixture.clientToken("x"), 401, "invalid_client") }
        _ = log.take()
        for answer in [try fixture.clientToken("x"), try fixture.clientToken(secret)] { expectLimited(answer, "30") }
        #expect(log.take().map { $0["event"] } == ["client_limited", "client_limited"])
        fixture.clock.advance(by: .milliseconds(28_500))
        expectLimited(try fixture.clientToken(secret), "2")
        fixture.clock.advance(by: .milliseconds(1_499))
        expectLimited(try fixture.clientToken(secret), "1")
        fixture.clock.advance(by: .milliseconds(1))
        expectOAuthError(try fixture.clientToken("x"), 401, "invalid_client")
        expectLimited(try fixture.clientToken("x"), "60")
        fixture.clock.advance(by: .seconds(60))
        #expect(try fixture.clientToken(secret).status == 200)
        for _ in 0..<5 { expectOAuthError(try fixture.clientToken("x"), 401, "invalid_client") }
        expectLimited(try fixture.clientToken("x"), "30")
    }

    @Test func `are counted alike at every endpoint, in both ways, of unknown clients too`() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.addClient()
        for name in ["feeds", "nobody"] {
            let form = "client_id=\(name)&client_secret=x&"
            let tries = [
                { try fixture.clientToken("x", as: name) },
                { try fixture.post(form: "token=x", to: "/introspect", fields: [basic(name, "x")]) },
                { try fixture.post(form: "token=x", to: "/revoke", fields: [basic(name, "x")]) },
                { try fixture.post(form: form + "token=x", to: "/introspect") },
                { try fixture.post(form: form + "grant_type=refresh_token&refresh_token=x", to: "/token") },
            ]
            for answer in tries { expectOAuthError(try answer(), 401, "invalid_client") }
            for answer in tries { expectLimited(try answer(), "30") }
        }
    }

    @Test func `do not count where the request says nothing of use`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        for _ in 0..<10 {
            for form in ["client_id=feeds", "client_id=feeds&client_secret=x", "client_id=feeds&client_assertion=x"] {
                let status = try fixture.post(form: form, to: "/introspect").status
                #expect([400, 401].contains(status))
            }
            _ = try fixture.clientToken("x", "&scope=a")
            _ = try fixture.clientToken("x", "&roles=+")
        }
        #expect(try fixture.clientToken(secret).status == 200)
    }

    @Test func `slow down one client from one network only`() async throws {
        let fixture = try await ServiceFixture { $0.trustedProxies = TrustedProxies([AddressBlock("127.0.0.0/8")!]) }
        let secret = try await fixture.addClient()
        let other = try await fixture.addClient("other")
        let ask = { (name: String, secret: String, address: String) in
            try fixture.post(
                form: "grant_type=client_credentials", to: "/token",
                fields: [basic(name, secret), "X-Forwarded-For: \(address)"])
        }
        for _ in 0..<5 { #expect(try ask("feeds", "x", "2001:db8:1:2::3").status == 401) }
        expectLimited(try ask("feeds", secret, "2001:db8:1:2:ffff::"), "30")
        #expect(try ask("feeds", secret, "2001:db8:1:3::3").status == 200, "another /64")
        #expect(try ask("other", other, "2001:db8:1:2::3").status == 200, "another client")
        for _ in 0..<5 { #expect(try ask("feeds", "x", "192.0.2.1").status == 401) }
        expectLimited(try ask("feeds", secret, "192.0.2.1"), "30")
        #expect(try ask("feeds", secret, "192.0.2.2").status == 200)
    }

    @Test func `are not moved to another network by a peer that nobody trusts`() async throws {
        let fixture = try await ServiceFixture()
        let secret = try await fixture.addClient()
        for number in 1...5 {
            let answer = try fixture.post(
                form: "grant_type=client_credentials", to: "/token",
                fields: [basic("feeds", "x"), "X-Forwarded-For: 192.0.2.\(number)"])
            #expect(answer.status == 401)
        }
        expectLimited(try fixture.clientToken(secret), "30")
    }

    @Test func `stop a network that tries many names, and its site`() async throws {
        let fixture = try await ServiceFixture {
            $0.trustedProxies = TrustedProxies([AddressBlock("127.0.0.0/8")!])
            $0.policies.tryLimits?.networkFailures = 20
        }
        let secret = try await fixture.addClient()
        let ask = { (name: String, secret: String, address: String) in
            try fixture.post(
                form: "grant_type=client_credentials", to: "/token",
                fields: [basic(name, secret), "X-Forwarded-For: \(address)"])
        }
        for number in 0..<20 { #expect(try ask("n\(number)", "x", "2001:db8:1:\(number)::").status == 401) }
        expectLimited(try ask("feeds", "x", "2001:db8:1:ffff::"), "3600")
        #expect(try ask("feeds", secret, "2001:db8:1:ffff::").status == 200, "who has the secret has not guessed")
        #expect(try ask("feeds", "x", "2001:db8:2::").status == 401)
        for number in 0..<20 { #expect(try ask("n\(number)", "x", "192.0.2.1").status == 401) }
        expectLimited(try ask("feeds", "x", "192.0.2.1"), "3600")
        #expect(try ask("feeds", secret, "192.0.2.1").status == 200)
        #expect(try ask("feeds", "x", "192.0.2.2").status == 401, "a neighbour of IPv4 is another network")
        fixture.clock.advance(by: .seconds(3_600))
        #expect(try ask("feeds", "x", "192.0.2.1").status == 401)
    }

    @Test func `are not counted where that is off`() async throws {
        let fixture = try await ServiceFixture { $0.policies.tryLimits = nil }
        let secret = try await fixture.addClient()
        for _ in 0..<20 { expectOAuthError(try fixture.clientToken("x"), 401, "invalid_client") }
        #expect(try fixture.clientToken(secret).status == 200)
    }

    private func expectLimited(
        _ answer: RawResponse, _ seconds: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == 429, sourceLocation: sourceLocation)
        #expect(answer["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
        #expect(answer.text("error") == "rate_limited", sourceLocation: sourceLocation)
        #expect(answer["retry-after"] == seconds, sourceLocation: sourceLocation)
        #expect(answer["www-authenticate"] == nil, sourceLocation: sourceLocation)
    }
}
