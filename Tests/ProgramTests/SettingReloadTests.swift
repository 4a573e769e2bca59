// SPDX-License-Identifier: Apache-2.0

import LanyardProgram
import Testing

@Suite struct `A reload` {
    /// For each setting another value than its default that stands alone.
    static let others: [String: String] = [
        "issuer": "https://other.example", "http.listen": "127.0.0.1:9999", "http.trusted_proxies": "10.0.0.0/8",
        "http.proxy_protocol": "true",
        "http.allowed_origins": "https://a.example", "http.max_connections": "1", "http.max_connections_per_ip": "1",
        "http.max_requests_per_connection": "1", "http.handshake_timeout": "1s", "http.header_timeout": "1s",
        "http.body_timeout": "1s", "http.idle_timeout": "1s", "http.drain_delay": "1s", "http.drain_timeout": "1s",
        "management.listen": "off", "store.url": "sqlite:x", "store.pool": "1", "keys.master": someKey,
        "keys.master_old": someKey, "keys.algorithm": "EdDSA", "keys.rsa_bits": "4096",
        "keys.rotate_every": "0", "keys.publish_lead": "2h", "tokens.access_lifetime": "1m", "tokens.audience": "x",
        "tokens.type": "JWT", "sessions.idle_lifetime": "1d", "sessions.absolute_lifetime": "40d",
        "sessions.refresh_grace": "1s", "sessions.require_access_token": "true", "sessions.cookie_name": "c",
        "sessions.cookie_same_site": "Lax", "sessions.max_per_account": "1", "events.keep": "1d",
        "passwords.memory": "20MiB", "passwords.iterations": "3", "passwords.parallelism": "2",
        "passwords.min_length": "16", "passwords.max_length": "255", "passwords.blocklist": "b", "passwords.lanes": "9",
        "passwords.queue": "1", "abuse.enabled": "false", "abuse.free_tries": "1", "abuse.first_delay": "1s",
        "abuse.longest_delay": "1h", "abuse.network_failures": "1", "abuse.account_failures": "1", "abuse.forget": "1h",
        "abuse.known_networks": "1d", "status.enabled": "false", "status.ttl": "5s", "log.level": "error",
        "log.format": "text",
    ]

    static let alone = Settings.table.filter { !["http.tls_certificate", "http.tls_key"].contains($0.key) }.map(\.key)

    @Test(arguments: alone)
    func `takes a setting or says that it needs a restart`(key: String) throws {
        let setting = try #require(Settings.table.first { $0.key == key })
        let common = ["LANYARD_HTTP_TRUSTED_PROXIES": "192.0.2.0/24"]
        let change = [setting.name: try #require(Self.others[key])]
        let running = try Settings(from: SettingSources(environment: common))
        let new = try Settings(from: SettingSources(environment: common.merging(change) { $1 }))
        let adopted = running.adopting(new)
        let takes = setting.traits.contains(.reloads)
        // What a group holds shows whether the value itself, and not only its record, was taken.
        let isTaken = "\(adopted.http)\(adopted.abuse)\(adopted.log)" != "\(running.http)\(running.abuse)\(running.log)"
        #expect(isTaken == takes)
        #expect(adopted.records.map(\.text) == (takes ? new : running).records.map(\.text))
        let restarts = running.needingRestart(for: new)
        #expect(restarts.contains(setting.name) == !takes)
    }

    @Test func `takes certificate and key together`() throws {
        let tls = ["HTTP_TLS_CERTIFICATE": "a.pem", "HTTP_TLS_KEY": "a.key"]
        let running = try Settings(environment: tls)
        let new = try Settings(environment: tls.mapValues { "new-" + $0 })
        let adopted = running.adopting(new)
        #expect((adopted.http.tlsCertificate, adopted.http.tlsKey) == ("new-a.pem", "new-a.key"))
        #expect(running.needingRestart(for: new).isEmpty)
    }

    @Test func `turns TLS neither on nor off`() throws {
        let plain = try Settings(environment: [:])
        let tls = try Settings(environment: ["HTTP_TLS_CERTIFICATE": "a.pem", "HTTP_TLS_KEY": "a.key"])
        #expect(plain.adopting(tls).http.tlsCertificate == nil)
        #expect(plain.needingRestart(for: tls).contains("LANYARD_HTTP_TLS_CERTIFICATE"))
        #expect(tls.adopting(plain).http.tlsKey == "a.key")
        #expect(tls.needingRestart(for: plain).contains("LANYARD_HTTP_TLS_KEY"))
    }
}

private let someKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
