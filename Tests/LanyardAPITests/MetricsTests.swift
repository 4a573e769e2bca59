// SPDX-License-Identifier: Apache-2.0

internal import CoreTestSupport
import LanyardAPI
import LanyardCore
import LanyardHTTP
import LanyardStore
import TestSupport
import Testing

@Suite struct `The metrics` {
    /// The samples of a text, by name and labels.
    static func samples(_ fixture: ServiceFixture) throws -> [String: Int] {
        let answer = try fixture.send("GET", "/metrics", to: fixture.management)
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer["cache-control"] == "no-store")
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        var samples: [String: Int] = [:]
        var families: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                families.append(String(line.split(separator: " ")[2]))
            } else if !line.hasPrefix("#") {
                let parts = line.split(separator: " ")
                #expect(parts[0].hasPrefix(families.last ?? "none"), "a family's lines stand together")
                samples[String(parts[0])] = Int(parts[1])
            }
        }
        #expect(Set(families).count == families.count)
        return samples
    }

    @Test func `count logins, refreshes, and why sessions ended`() async throws {
        let fixture = try await ServiceFixture()
        var expected = try Self.samples(fixture)
        #expect(expected["lanyard_logins_total{result=\"ok\"}"] == 0)
        #expect(expected["lanyard_sessions_ended_total{cause=\"idle\"}"] == 0)
        #expect(expected["lanyard_build_info{version=\"unknown\"}"] == 1)

        _ = try fixture.send("POST", "/login", body: #"{"username":"alice","password":"wrong"}"#)
        let first = try fixture.logIn().text("refresh_token")
        _ = try fixture.refresh(first)
        fixture.clock.advance(by: .seconds(20))
        let second = try fixture.refresh(first).text("refresh_token")
        fixture.clock.advance(by: .seconds(20))
        _ = try fixture.refresh(second)
        fixture.clock.advance(by: .seconds(20))
        _ = try fixture.refresh(first)
        _ = try fixture.refresh("rt1.nothing.1.AAAA")
        let late = try fixture.logIn().text("refresh_token")
        fixture.clock.advance(by: .seconds(15 * 86_400))
        for _ in 0..<2 { _ = try fixture.refresh(late) }

        for (name, count) in [
            ("lanyard_logins_total{result=\"ok\"}", 2), ("lanyard_logins_total{result=\"failed\"}", 1),
            ("lanyard_refreshes_total{result=\"kept\"}", 1), ("lanyard_refreshes_total{result=\"rotated\"}", 2),
            ("lanyard_refreshes_total{result=\"reused\"}", 1), ("lanyard_refreshes_total{result=\"refused\"}", 3),
            ("lanyard_sessions_ended_total{cause=\"reuse\"}", 1),
            // Noticed once, however often it is asked for.
            ("lanyard_sessions_ended_total{cause=\"idle\"}", 1),
            ("lanyard_tokens_issued_total{alg=\"ES256\"}", 5), ("lanyard_signing_key_age_seconds", 15 * 86_400 + 60),
        ] { expected[name] = count }
        #expect(try Self.samples(fixture) == expected)
    }

    @Test func `are for those who look after the service, not for the public`() async throws {
        let fixture = try await ServiceFixture()
        #expect(try fixture.send("GET", "/metrics").status == 404)
    }
}
