// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardProgram
import Testing

@Suite struct `Each setting` {
    /// One setting as the documentation promises it.
    struct Promise: CustomTestStringConvertible, Sendable {
        let name: String
        /// The default as `config print` shows it on a machine with three cores.
        let usual: String
        /// Values that are taken, the ends of the range first.
        let good: [String]
        /// Values that are refused, just beyond the range first.
        let bad: [String]
        /// Whether a running server takes a new value.
        var reloads = false
        var testDescription: String { name }

        init(_ name: String, _ usual: String, good: [String], bad: [String], reloads: Bool = false) {
            (self.name, self.usual, self.good, self.bad, self.reloads) = (name, usual, good, bad, reloads)
        }
    }

    static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    static let promises: [Promise] = [
        Promise(
            "LANYARD_ISSUER", "http://127.0.0.1:8080",
            good: [
                "https://auth.example.com", "http://localhost:1", "https://h:65535/a/b",
                "https://[::1]:8443",
                "https://tenant.example.com/auth",
            ],
            bad: [
                "https://h:0", "https://h/", "https://h/auth/", "https://h:65536", "https://h?", "https://h/?a",
                "https://h#f", "https://u@h", "ftp://h",
                "HTTPS://h", "https://", "https:///p", "h", "https://h//a", "https://h/../a", "https://h/a b",
                "https://h/%41", "https://h:", "//h",
            ]),
        Promise(
            "LANYARD_HTTP_LISTEN", "127.0.0.1:8080",
            good: [
                "127.0.0.1:0", "127.0.0.1:65534", "[::1]:8080", "localhost:8080", "127.0.0.1:1,[::1]:1",
                " 127.0.0.1:1 , 127.0.0.1:3 ",
            ],
            bad: [
                "127.0.0.1:65536", "127.0.0.1", ":8080", "8080", "::1:8080", "[::1]", "127.0.0.1:", "127.0.0.1:+1",
                "127.0.0.1:1,", "unix:relative", "256.0.0.1:1", "1.2.3:80", "off", "http://127.0.0.1:1",
            ]),
        Promise("LANYARD_HTTP_TLS_CERTIFICATE", "", good: [], bad: [], reloads: true),
        Promise("LANYARD_HTTP_TLS_KEY", "", good: [], bad: [], reloads: true),
        Promise(
            "LANYARD_HTTP_TRUSTED_PROXIES", "",
            good: ["0.0.0.0/0", "10.0.0.1", "10.0.0.0/32", "::/0", "fd00::/8,10.0.0.0/8", "::ffff:10.0.0.0/104"],
            bad: ["10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "host/8", "::ffff:10.0.0.0/95", "*"]),
        Promise("LANYARD_HTTP_PROXY_PROTOCOL", "false", good: ["false"], bad: ["TRUE", "yes", "1", "0", "no"]),
        Promise(
            "LANYARD_HTTP_ALLOWED_ORIGINS", "",
            good: [
                "https://a.example", "http://localhost:5173,https://b.example", "capacitor://localhost",
                "http://[::1]:1",
            ],
            bad: [
                "null", "*", "https://a.example/", "https://A.example", "https://a.example:443", "http://a.example:80",
                "https://*.example", "a.example", "https://u@a.example", "https://a.example,null", "file://",
            ], reloads: true),
        Promise(
            "LANYARD_HTTP_MAX_CONNECTIONS", "10000", good: ["1", "1000000"], bad: ["0", "1000001", "-1", "1e3"],
            reloads: true),
        Promise(
            "LANYARD_HTTP_MAX_CONNECTIONS_PER_IP", "1000", good: ["1", "1000000"], bad: ["0", "1000001"], reloads: true),
        Promise(
            "LANYARD_HTTP_MAX_REQUESTS_PER_CONNECTION", "0", good: ["0", "1000"], bad: ["-1", "many"], reloads: true),
        Promise(
            "LANYARD_HTTP_HANDSHAKE_TIMEOUT", "5s", good: ["1s", "1h", "60m"], bad: ["0s", "3601s", "0", "5"],
            reloads: true),
        Promise("LANYARD_HTTP_HEADER_TIMEOUT", "10s", good: ["1s", "1h"], bad: ["0s", "3601s"], reloads: true),
        Promise("LANYARD_HTTP_BODY_TIMEOUT", "15s", good: ["1s", "1h"], bad: ["0s", "61m"], reloads: true),
        Promise("LANYARD_HTTP_IDLE_TIMEOUT", "75s", good: ["1s", "1h"], bad: ["0s", "2h"], reloads: true),
        Promise("LANYARD_HTTP_DRAIN_DELAY", "0s", good: ["0", "0s", "1m", "60s"], bad: ["61s", "-1s"]),
        Promise("LANYARD_HTTP_DRAIN_TIMEOUT", "20s", good: ["0s", "10m"], bad: ["601s"], reloads: true),
        Promise(
            "LANYARD_MANAGEMENT_LISTEN", "127.0.0.1:8081",
            good: ["off", "0.0.0.0:9090", "127.0.0.1:0", "[::]:1", "unix:/run/lanyard.sock"],
            bad: ["Off", "none", "127.0.0.1", "127.0.0.1:1,127.0.0.1:2"]),
        Promise(
            "LANYARD_STORE_URL", "sqlite:data/lanyard.sqlite3",
            good: [
                "sqlite:/var/lib/lanyard/l.sqlite3", "sqlite:x", "postgresql://h/db", "postgresql://u@/db?host=/run/p",
            ],
            bad: ["sqlite:", "sqlite::memory:", "sqlite:data/", "mysql://h/db", "/data/l.sqlite3", "postgresql:h"]),
        Promise("LANYARD_STORE_POOL", "10", good: ["1", "100"], bad: ["0", "101"]),
        Promise(
            "LANYARD_KEYS_MASTER", "", good: [key, key + "="],
            bad: [String(key.dropLast()), key + "A", key + "==", "0x" + key, String(repeating: "+", count: 43)]),
        Promise("LANYARD_KEYS_MASTER_OLD", "", good: [key], bad: ["short"]),
        Promise(
            "LANYARD_KEYS_ALGORITHM", "RS256", good: ["RS256", "PS256", "ES256", "EdDSA"],
            bad: ["none", "HS256", "rs256", "RS512"]),
        Promise(
            "LANYARD_KEYS_RSA_BITS", "2048", good: ["2048", "3072", "4096"], bad: ["1024", "2047", "8192", "02048"]),
        Promise("LANYARD_KEYS_ROTATE_EVERY", "30d", good: ["0", "0s", "2h", "3650d"], bad: ["19m", "3651d"]),
        Promise("LANYARD_KEYS_PUBLISH_LEAD", "1h", good: ["10m", "15d"], bad: ["599s", "9m", "0"]),
        Promise("LANYARD_TOKENS_ACCESS_LIFETIME", "15m", good: ["30s", "24h", "1d"], bad: ["29s", "86401s", "2d"]),
        Promise(
            "LANYARD_TOKENS_AUDIENCE", "lanyard", good: ["feeds", "feeds,https://api.example.com/", "a,lanyard-admin"],
            bad: ["two words", "a,", ",a", "ä", "a\"b"]),
        Promise(
            "LANYARD_TOKENS_TYPE", "at+jwt", good: ["at+jwt", "JWT"], bad: ["jwt", "AT+JWT", "application/at+jwt"]),
        Promise("LANYARD_SESSIONS_IDLE_LIFETIME", "14d", good: ["10s", "30d"], bad: ["9s", "366d"]),
        Promise("LANYARD_SESSIONS_ABSOLUTE_LIFETIME", "30d", good: ["14d", "3650d"], bad: ["3651d", "9s"]),
        Promise("LANYARD_SESSIONS_REFRESH_GRACE", "10s", good: ["0", "0s", "60s", "1m"], bad: ["61s"]),
        Promise("LANYARD_SESSIONS_REQUIRE_ACCESS_TOKEN", "false", good: ["true", "false"], bad: ["on"]),
        Promise(
            "LANYARD_SESSIONS_COOKIE_NAME", "__Host-lanyard", good: ["badge", "__Secure-b"],
            bad: ["two words", "a=b", "a;b", "\"a\"", "ä", String(repeating: "a", count: 65)]),
        Promise("LANYARD_SESSIONS_COOKIE_SAME_SITE", "Strict", good: ["Strict", "Lax"], bad: ["None", "lax"]),
        Promise("LANYARD_SESSIONS_MAX_PER_ACCOUNT", "100", good: ["1", "10000"], bad: ["0", "10001"]),
        Promise("LANYARD_EVENTS_KEEP", "365d", good: ["1d", "24h", "3650d"], bad: ["23h", "3651d"]),
        Promise(
            "LANYARD_PASSWORDS_MEMORY", "19MiB", good: ["8MiB", "8192KiB", "4GiB"],
            bad: ["8191KiB", "4097MiB", "19MB", "19", "19 MiB"]),
        Promise("LANYARD_PASSWORDS_ITERATIONS", "2", good: ["1", "100"], bad: ["0", "101"]),
        Promise("LANYARD_PASSWORDS_PARALLELISM", "1", good: ["1", "16"], bad: ["0", "17"]),
        Promise("LANYARD_PASSWORDS_MIN_LENGTH", "15", good: ["8", "256"], bad: ["7", "1025"]),
        Promise("LANYARD_PASSWORDS_MAX_LENGTH", "256", good: ["64", "1024"], bad: ["63", "1025"]),
        Promise("LANYARD_PASSWORDS_BLOCKLIST", "", good: ["list.txt"], bad: ["a\u{1B}b"]),
        Promise("LANYARD_PASSWORDS_LANES", "3", good: ["1", "256"], bad: ["0", "257"]),
        Promise("LANYARD_PASSWORDS_QUEUE", "64", good: ["0", "10000"], bad: ["-1", "10001"]),
        Promise("LANYARD_ABUSE_ENABLED", "true", good: ["true", "false"], bad: ["False"], reloads: true),
        Promise("LANYARD_ABUSE_FREE_TRIES", "5", good: ["1", "1000000"], bad: ["0", "1000001"], reloads: true),
        Promise("LANYARD_ABUSE_FIRST_DELAY", "30s", good: ["1s", "15m"], bad: ["0s", "0", "366d"], reloads: true),
        Promise("LANYARD_ABUSE_LONGEST_DELAY", "15m", good: ["30s", "365d"], bad: ["0s", "366d"], reloads: true),
        Promise(
            "LANYARD_ABUSE_NETWORK_FAILURES", "100", good: ["1", "1000000"], bad: ["0", "1000001"], reloads: true),
        Promise(
            "LANYARD_ABUSE_ACCOUNT_FAILURES", "100", good: ["1", "1000000"], bad: ["0", "1000001"], reloads: true),
        Promise("LANYARD_ABUSE_FORGET", "24h", good: ["1s", "365d"], bad: ["0s", "366d"], reloads: true),
        Promise("LANYARD_ABUSE_KNOWN_NETWORKS", "90d", good: ["1s", "365d"], bad: ["0s", "366d"], reloads: true),
        Promise("LANYARD_STATUS_ENABLED", "true", good: ["true", "false"], bad: ["off"]),
        Promise(
            "LANYARD_STATUS_TTL", "60s", good: ["5s", "1h"], bad: ["4s", "3601s", "1.5m", "+5s", "5S", "5 s", "s"]),
        Promise(
            "LANYARD_LOG_LEVEL", "info",
            good: ["trace", "debug", "info", "notice", "warning", "error", "critical"], bad: ["warn", "INFO", "7"],
            reloads: true),
        Promise("LANYARD_LOG_FORMAT", "json", good: ["json", "text"], bad: ["JSON", "logfmt"], reloads: true),
    ]

    @Test func `is known by the name that is promised, in the promised order, and there is no other`() {
        #expect(Settings.table.map(\.name) == Self.promises.map(\.name))
    }

    @Test(arguments: promises)
    func `has its default`(promise: Promise) throws {
        var sources = SettingSources()
        sources.processorCount = 3
        let record = try #require(Settings(from: sources).records.first { $0.setting.name == promise.name })
        #expect(record.text ?? "" == promise.usual)
        #expect(record.origin == .fallback)
        #expect(record.setting.traits.contains(.reloads) == promise.reloads)
    }

    @Test(arguments: promises)
    func `takes what is allowed, from the environment and from the file alike`(promise: Promise) throws {
        for value in promise.good {
            let environment = SettingSources(environment: [promise.name: value])
            let record = try #require(Settings(from: environment).records.first { $0.setting.name == promise.name })
            #expect(record.text == value.trimmingBlanks)
            #expect(record.origin == .environment)
            let file = try SettingsFile(path: "f", bytes: Array("\(promise.name)=\(value)".utf8))
            let same = try #require(
                Settings(from: SettingSources(file: file)).records.first { $0.setting.name == promise.name })
            #expect(same.text == value.trimmingBlanks)
            #expect(same.origin == .file(path: "f", line: 1))
        }
    }

    @Test(arguments: promises)
    func `refuses everything else with its name, its place and what is allowed`(promise: Promise) throws {
        let record = try #require(Settings.defaults.first { $0.setting.name == promise.name })
        let isShown = record.setting.traits.isDisjoint(with: [.secret, .mayHoldPassword])
        for value in promise.bad {
            let error = SettingsError.notAllowed(
                name: promise.name, value: isShown ? value : nil, origin: .environment, allowed: record.allowed)
            #expect(throws: error, "\(value)") {
                try Settings(from: SettingSources(environment: [promise.name: value]))
            }
        }
    }

    @Test(arguments: promises)
    func `counts as not set when it is empty`(promise: Promise) throws {
        let file = try SettingsFile(path: "f", bytes: Array("\(promise.name)=\n".utf8))
        var sources = SettingSources(environment: [promise.name: " "], file: file)
        sources.processorCount = 3
        let record = try #require(Settings(from: sources).records.first { $0.setting.name == promise.name })
        #expect(record.text ?? "" == promise.usual)
        #expect(record.origin == .fallback)
    }
}
