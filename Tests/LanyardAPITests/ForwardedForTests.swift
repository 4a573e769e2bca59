// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardHTTP
import LanyardStore
internal import LanyardWeb
import Logging
import TestSupport
import Testing

@Suite struct `X-Forwarded-For` {
    @Test func `of a trusted proxy says where a session is from, and what log lines show`() async throws {
        let log = LogRecorder()
        let networks = Inbox<String?>()
        let fixture = try await ServiceFixture(
            configure: { $0.trustedProxies = TrustedProxies([AddressBlock("127.0.0.0/8")].compactMap(\.self)) },
            log: log.logger, wrapping: { SessionNotingStore($0, networks) })
        for (forwarded, client, network) in [
            ("203.0.113.9, 192.0.2.1", "192.0.2.1", "192.0.2.0/24"),
            ("2001:db8:a:b::1", "2001:db8:a:b::1", "2001:db8:a::/48"),
            ("\"192.0.2.1\",", "192.0.2.1", "192.0.2.0/24"),
        ] {
            let answer = try fixture.logIn(fields: ["X-Forwarded-For: \(forwarded)"])
            #expect(answer.status == 200)
            #expect(try networks.next() == network)
            #expect(log.take().map { [$0["event"], $0["client_ip"]] } == [["login", client]])
        }
        _ = try fixture.logIn()
        #expect(try networks.next() == "127.0.0.0/24")
    }

    @Test func `of anybody else is not believed, which the log says once`() async throws {
        let log = LogRecorder()
        let networks = Inbox<String?>()
        let fixture = try await ServiceFixture(
            configure: { $0.trustedProxies = TrustedProxies([AddressBlock("10.0.0.0/8")].compactMap(\.self)) },
            log: log.logger, wrapping: { SessionNotingStore($0, networks) })
        for round in 1...3 {
            #expect(try fixture.logIn(fields: ["X-Forwarded-For: 192.0.2.1"]).status == 200)
            #expect(try networks.next() == "127.0.0.0/24")
            let lines = log.take()
            #expect(lines.map { $0["event"] } == (round == 1 ? ["forwarded_ignored", "login"] : ["login"]))
            #expect(lines.allSatisfy { $0["client_ip"] == "127.0.0.1" })
            guard round == 1, let first = lines.first else { continue }
            #expect(first["level"] == "warning")
            #expect(first["peer_ip"] == "127.0.0.1")
            #expect(first["setting"] == "LANYARD_HTTP_TRUSTED_PROXIES")
        }
    }

    @Test func `of a trusted proxy that is no address is logged once, and the proxy counts`() async throws {
        let log = LogRecorder()
        let networks = Inbox<String?>()
        let fixture = try await ServiceFixture(
            configure: { $0.trustedProxies = TrustedProxies([AddressBlock("127.0.0.0/8")].compactMap(\.self)) },
            log: log.logger, wrapping: { SessionNotingStore($0, networks) })
        for (round, element) in ["unknown", "_hidden", "unix:"].enumerated() {
            #expect(try fixture.logIn(fields: ["X-Forwarded-For: 192.0.2.1, \(element)"]).status == 200)
            #expect(try networks.next() == "127.0.0.0/24")
            let lines = log.take()
            #expect(lines.map { $0["event"] } == (round == 0 ? ["forwarded_unreadable", "login"] : ["login"]))
            #expect(lines.allSatisfy { $0["client_ip"] == "127.0.0.1" })
            if round == 0 { #expect(lines.first?["level"] == "warning") }
        }
    }

    @Test func `is not missed when the log has errors only, or when it comes late`() async throws {
        let log = LogRecorder(level: .warning)
        let fixture = try await ServiceFixture(log: log.logger)
        _ = try fixture.logIn()
        _ = try fixture.send("GET", "/.well-known/jwks.json", fields: ["X-Forwarded-For: 192.0.2.1"])
        #expect(log.take().isEmpty)
        _ = try fixture.refresh("rt1.none", fields: ["X-Forwarded-For: 192.0.2.1"])
        #expect(log.take().map { $0["event"] } == ["forwarded_ignored"])
    }
}

/// Notes the network of each session that is opened.
private final class SessionNotingStore: PassingStore {
    let store: MemoryStore
    private let networks: Inbox<String?>

    init(_ store: MemoryStore, _ networks: Inbox<String?>) {
        self.networks = networks
        self.store = store
    }

    func openSession(
        _ opening: SessionOpening, at now: UnixTime
    ) async throws(StoreError) -> SessionOpened {
        networks.put(opening.network)
        return try await store.openSession(opening, at: now)
    }
}
