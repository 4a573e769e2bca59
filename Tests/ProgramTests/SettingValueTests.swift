// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardCrypto
import LanyardHTTP
import LanyardProgram
import LanyardStore
import Logging
import Testing

@Suite struct `Values of settings` {
    @Test func `arrive in the property of their name`() throws {
        // Every value differs from its default and from its neighbours, so that two properties cannot be mixed up.
        let settings = try Settings(environment: [
            "ISSUER": "https://id.example/auth", "HTTP_LISTEN": "[::1]:1,localhost:2,unix:/s",
            "HTTP_TLS_CERTIFICATE": "c.pem", "HTTP_TLS_KEY": "k.pem", "HTTP_TRUSTED_PROXIES": "10.1.2.3/8",
            "HTTP_PROXY_PROTOCOL": "true", "HTTP_ALLOWED_ORIGINS": "https://a.example,https://b.example",
            "HTTP_MAX_CONNECTIONS": "11", "HTTP_MAX_CONNECTIONS_PER_IP": "12", "HTTP_MAX_REQUESTS_PER_CONNECTION": "13",
            "HTTP_HANDSHAKE_TIMEOUT": "14s", "HTTP_HEADER_TIMEOUT": "15s", "HTTP_BODY_TIMEOUT": "16s",
            "HTTP_IDLE_TIMEOUT": "17s", "HTTP_DRAIN_DELAY": "18s", "HTTP_DRAIN_TIMEOUT": "19s",
        ])
        let http = settings.http
        #expect(settings.givenIssuer?.text == "https://id.example/auth")
        #expect(http.listen.map(\.description) == ["[::1]:1", "localhost:2", "unix:/s"])
        #expect((http.tlsCertificate, http.tlsKey) == ("c.pem", "k.pem"))
        #expect(http.trustedProxies == [try #require(AddressBlock("10.0.0.0/8"))])
        #expect(http.proxyProtocol)
        #expect(http.allowedOrigins == ["https://a.example", "https://b.example"])
        #expect(http.maximumConnections == 11)
        #expect(http.maximumConnectionsPerAddress == 12)
        #expect(http.maximumRequestsPerConnection == 13)
        #expect(http.handshakeTimeout == .seconds(14))
        #expect(http.headerTimeout == .seconds(15))
        #expect(http.bodyTimeout == .seconds(16))
        #expect(http.idleTimeout == .seconds(17))
        #expect(http.drainDelay == .seconds(18))
        #expect(http.drainTimeout == .seconds(19))
    }

    @Test func `of stores, keys, tokens and sessions arrive too`() throws {
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        let settings = try Settings(environment: [
            "MANAGEMENT_LISTEN": "off", "STORE_URL": "postgresql://u:p@h/d", "STORE_POOL": "21", "KEYS_MASTER": key,
            "KEYS_MASTER_OLD": String(key.reversed().dropFirst()) + "A", "KEYS_ALGORITHM": "EdDSA",
            "KEYS_RSA_BITS": "4096",
            "KEYS_ROTATE_EVERY": "22d", "KEYS_PUBLISH_LEAD": "23h", "TOKENS_ACCESS_LIFETIME": "24m",
            "TOKENS_AUDIENCE": "a, b", "TOKENS_TYPE": "JWT", "SESSIONS_IDLE_LIFETIME": "25d",
            "SESSIONS_ABSOLUTE_LIFETIME": "26d", "SESSIONS_REFRESH_GRACE": "27s",
            "SESSIONS_REQUIRE_ACCESS_TOKEN": "true",
            "SESSIONS_COOKIE_NAME": "c", "SESSIONS_COOKIE_SAME_SITE": "Lax", "SESSIONS_MAX_PER_ACCOUNT": "28",
        ])
        #expect(settings.management.listen == nil)
        guard case .postgresql(let uri) = settings.store.location else { throw Unexpected() }
        #expect(uri.reveal() == "postgresql://u:p@h/d")
        #expect(settings.store.poolSize == 21)
        #expect(settings.keys.master?.reveal() == Array(0..<32))
        #expect(settings.keys.masterBefore?.reveal().count == 32)
        #expect(settings.keys.masterBefore?.reveal() != settings.keys.master?.reveal())
        let keys = settings.keys.policy
        #expect(keys.algorithm == .edDSA)
        #expect(keys.rsaBits == 4_096)
        #expect(keys.rotationInterval == .seconds(22 * 86_400))
        #expect(keys.publishLead == .seconds(23 * 3_600))
        #expect(keys.accessLifetime == .seconds(24 * 60))
        #expect(keys.statusTokenLifetime == .seconds(3_600))
        #expect(keys.sessionLifetime == .seconds(26 * 86_400))
        let tokens = settings.tokens
        #expect((tokens.accessLifetime, tokens.audiences, tokens.type) == (.seconds(24 * 60), ["a", "b"], .jwt))
        let lifetimes = SessionLifetimes(
            idle: .seconds(25 * 86_400), absolute: .seconds(26 * 86_400), refreshGrace: .seconds(27))
        #expect(settings.sessions.policy.lifetimes == lifetimes)
        #expect(settings.sessions.policy.requiresAccessToken)
        #expect(settings.sessions.cookies.name == "c")
        #expect(settings.sessions.cookies.sameSite == "Lax")
        #expect(settings.sessions.policy.maximumPerAccount == 28)
    }

    @Test func `of passwords, abuse, status and log arrive too`() throws {
        let settings = try Settings(environment: [
            "EVENTS_KEEP": "30d", "PASSWORDS_MEMORY": "31MiB", "PASSWORDS_ITERATIONS": "32",
            "PASSWORDS_PARALLELISM": "3",
            "PASSWORDS_MIN_LENGTH": "34", "PASSWORDS_MAX_LENGTH": "65", "PASSWORDS_BLOCKLIST": "b",
            "PASSWORDS_LANES": "36",
            "PASSWORDS_QUEUE": "37", "ABUSE_ENABLED": "false", "ABUSE_FREE_TRIES": "38", "ABUSE_FIRST_DELAY": "39s",
            "ABUSE_LONGEST_DELAY": "40s", "ABUSE_NETWORK_FAILURES": "41", "ABUSE_ACCOUNT_FAILURES": "42",
            "ABUSE_FORGET": "43s", "ABUSE_KNOWN_NETWORKS": "44s", "STATUS_ENABLED": "false", "STATUS_TTL": "45s",
            "LOG_LEVEL": "error", "LOG_FORMAT": "text",
        ])
        #expect(settings.events.keep == .seconds(30 * 86_400))
        #expect(settings.passwords.memoryBytes == 31 * 1_048_576)
        #expect(settings.passwords.iterations == 32)
        #expect(settings.passwords.parallelism == 3)
        #expect(settings.passwords.minimumLength == 34)
        #expect(settings.passwords.maximumLength == 65)
        #expect(settings.passwords.blocklist == "b")
        #expect(settings.passwords.lanes == 36)
        #expect(settings.passwords.queue == 37)
        #expect(!settings.abuse.isEnabled)
        #expect(settings.abuse.limitsInForce == nil)
        let limits = settings.abuse.limits
        #expect(limits.freeTries == 38)
        #expect(limits.firstDelay == .seconds(39))
        #expect(limits.longestDelay == .seconds(40))
        #expect(limits.networkFailures == 41)
        #expect(limits.accountFailures == 42)
        #expect(limits.forgetting == .seconds(43))
        #expect(settings.abuse.knownNetworks == .seconds(44))
        #expect(settings.status.policy == nil)
        #expect(settings.keys.policy.statusTokenLifetime == .zero, "there are no lists")
        #expect(settings.log.level == .error)
        #expect(settings.log.format == .text)
    }

    @Test(arguments: [
        ("10.9.8.7/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "255.1.1.1", true),
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false), ("fd00::/9", "fd7f::1", true),
        ("fd00::/9", "fd80::1", false), ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
        ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("::/0", "10.0.0.1", false),
        ("::ffff:10.0.0.0/104", "10.1.1.1", true), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
    ])
    func `a block contains the addresses with its prefix`(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressBlock(block)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        ("https://ID.example:443/auth", "https://id.example", "/auth"), ("http://h:8080", "http://h:8080", ""),
        ("http://h:80", "http://h", ""), ("https://[2001:DB8::1]:80/a/b", "https://[2001:db8::1]:80", "/a/b"),
    ])
    func `an issuer gives its origin and its path`(text: String, origin: String, path: String) throws {
        let issuer = try #require(IssuerURL(parsing: text))
        #expect(issuer.text == text)
        #expect((issuer.origin, issuer.path) == (origin, path))
    }

    @Test(arguments: [
        ("postgresql://u:p@h/d", true), ("postgresql://u@h/d", false), ("postgresql://h:5432/d", false),
        ("postgresql://h/d?password=x", true), ("postgresql://h/d?PASSWORD=x", true),
        ("postgresql://h/d?p%61ssword=x", true),
        ("postgresql://h/d?sslpassword=x", true), ("postgresql://h/d?sslmode=require", false), ("sqlite:u:p@h", false),
        ("postgresql://us@er:p@h/d", true), ("postgres:u:p@h", true),
    ])
    func `a store's URL with a password is a secret`(url: String, isSecret: Bool) {
        #expect(StoreLocation.hasPassword(url) == isSecret)
    }
}

/// A value of another case than the one that a test expects.
struct Unexpected: Error {}

extension Settings {
    /// Reads settings from an environment, names without `LANYARD_`.
    init(environment: [String: String], isDevelopment: Bool = false) throws {
        let names = Dictionary(uniqueKeysWithValues: environment.map { (Setting.prefix + $0.key, $0.value) })
        try self.init(from: SettingSources(environment: names, isDevelopment: isDevelopment))
    }
}
