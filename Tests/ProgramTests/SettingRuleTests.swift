// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
import LanyardCore
import LanyardHTTP
import LanyardProgram
import Testing

@Suite struct `Settings together` {
    struct Contradiction: CustomTestStringConvertible, Sendable {
        let environment: [String: String]
        let blamed: String
        var isDevelopment = false
        var testDescription: String {
            (isDevelopment ? "--dev " : "")
                + environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        }
    }

    static let contradictions: [Contradiction] = [
        Contradiction(environment: ["KEYS_ROTATE_EVERY": "119m"], blamed: "KEYS_ROTATE_EVERY"),
        Contradiction(environment: ["KEYS_PUBLISH_LEAD": "16d"], blamed: "KEYS_PUBLISH_LEAD"),
        Contradiction(environment: ["SESSIONS_IDLE_LIFETIME": "31d"], blamed: "SESSIONS_IDLE_LIFETIME"),
        Contradiction(environment: ["SESSIONS_ABSOLUTE_LIFETIME": "13d"], blamed: "SESSIONS_ABSOLUTE_LIFETIME"),
        Contradiction(environment: ["PASSWORDS_MIN_LENGTH": "257"], blamed: "PASSWORDS_MIN_LENGTH"),
        Contradiction(
            environment: ["PASSWORDS_MIN_LENGTH": "65", "PASSWORDS_MAX_LENGTH": "64"], blamed: "PASSWORDS_MIN_LENGTH"),
        Contradiction(environment: ["ABUSE_FIRST_DELAY": "16m"], blamed: "ABUSE_FIRST_DELAY"),
        Contradiction(environment: ["ABUSE_LONGEST_DELAY": "29s"], blamed: "ABUSE_LONGEST_DELAY"),
        Contradiction(environment: ["HTTP_TLS_CERTIFICATE": "c"], blamed: "HTTP_TLS_CERTIFICATE"),
        Contradiction(environment: ["HTTP_TLS_KEY": "k"], blamed: "HTTP_TLS_KEY"),
        Contradiction(environment: ["HTTP_PROXY_PROTOCOL": "true"], blamed: "HTTP_PROXY_PROTOCOL"),
        Contradiction(environment: ["TOKENS_AUDIENCE": "lanyard-admin,lanyard"], blamed: "TOKENS_AUDIENCE"),
        Contradiction(environment: ["HTTP_LISTEN": "0.0.0.0:8080"], blamed: "HTTP_LISTEN"),
        Contradiction(environment: ["HTTP_LISTEN": "[::]:8080"], blamed: "HTTP_LISTEN"),
        Contradiction(environment: ["HTTP_LISTEN": "unix:/run/s,127.0.0.1:1"], blamed: "HTTP_LISTEN"),
        Contradiction(environment: ["HTTP_LISTEN": "127.0.0.1:1,127.0.0.1:1"], blamed: "HTTP_LISTEN"),
        Contradiction(environment: ["MANAGEMENT_LISTEN": "127.0.0.1:8080"], blamed: "MANAGEMENT_LISTEN"),
        Contradiction(environment: ["HTTP_LISTEN": "127.0.0.1:65535"], blamed: "MANAGEMENT_LISTEN"),
        Contradiction(environment: ["HTTP_LISTEN": "192.0.2.1:80"], blamed: "HTTP_LISTEN", isDevelopment: true),
        Contradiction(
            environment: ["HTTP_LISTEN": "127.0.0.1:1,host.example:1"], blamed: "HTTP_LISTEN", isDevelopment: true),
    ]

    @Test(arguments: contradictions)
    func `are refused when they contradict each other, and the one that was set is blamed`(_ case: Contradiction) throws
    {
        do throws(any Error) {
            _ = try Settings(environment: `case`.environment, isDevelopment: `case`.isDevelopment)
            Issue.record("accepted")
        } catch SettingsError.contradiction(let name, let origin, let rule) {
            #expect(name == "LANYARD_" + `case`.blamed)
            #expect(origin == (`case`.environment[`case`.blamed] == nil ? .fallback : .environment))
            #expect(!rule.isEmpty)
        }
    }

    static let harmonies: [Contradiction] = [
        Contradiction(environment: ["KEYS_ROTATE_EVERY": "2h"], blamed: ""),
        Contradiction(environment: ["KEYS_ROTATE_EVERY": "0", "KEYS_PUBLISH_LEAD": "365d"], blamed: ""),
        Contradiction(environment: ["SESSIONS_IDLE_LIFETIME": "30d"], blamed: ""),
        Contradiction(environment: ["PASSWORDS_MIN_LENGTH": "64", "PASSWORDS_MAX_LENGTH": "64"], blamed: ""),
        Contradiction(environment: ["ABUSE_FIRST_DELAY": "15m"], blamed: ""),
        Contradiction(environment: ["HTTP_TLS_CERTIFICATE": "c", "HTTP_TLS_KEY": "k"], blamed: ""),
        Contradiction(environment: ["HTTP_PROXY_PROTOCOL": "true", "HTTP_TRUSTED_PROXIES": "10.0.0.0/8"], blamed: ""),
        Contradiction(environment: ["HTTP_LISTEN": "0.0.0.0:1", "ISSUER": "https://h"], blamed: ""),
        Contradiction(environment: ["HTTP_LISTEN": "127.0.0.1:1,0.0.0.0:2,unix:/s"], blamed: ""),
        Contradiction(environment: ["HTTP_LISTEN": "127.0.0.1:0,127.0.0.1:0"], blamed: ""),
        Contradiction(environment: ["HTTP_LISTEN": "127.0.0.1:65535", "MANAGEMENT_LISTEN": "off"], blamed: ""),
        Contradiction(
            environment: ["HTTP_LISTEN": "0.0.0.0:1", "ISSUER": "https://h"], blamed: "", isDevelopment: true),
        Contradiction(environment: ["HTTP_LISTEN": "127.0.0.1:1,[::1]:1,localhost:2"], blamed: "", isDevelopment: true),
    ]

    @Test(arguments: harmonies)
    func `are taken at the edge of every rule`(_ case: Contradiction) throws {
        _ = try Settings(environment: `case`.environment, isDevelopment: `case`.isDevelopment)
    }

    struct Issuance: CustomTestStringConvertible, Sendable {
        let environment: [String: String], isDevelopment: Bool, issuer: String, management: String
        var testDescription: String { "\(environment) \(isDevelopment)" }
    }

    @Test(arguments: [
        Issuance(environment: [:], isDevelopment: false, issuer: "http://127.0.0.1:8080", management: "127.0.0.1:8081"),
        Issuance(
            environment: ["HTTP_LISTEN": "[::1]:9,127.0.0.1:8"], isDevelopment: false, issuer: "http://[::1]:9",
            management: "127.0.0.1:10"),
        Issuance(
            environment: ["HTTP_LISTEN": "Host:0"], isDevelopment: false, issuer: "http://host:7777",
            management: "127.0.0.1:0"),
        Issuance(
            environment: ["HTTP_TLS_CERTIFICATE": "c", "HTTP_TLS_KEY": "k"], isDevelopment: false,
            issuer: "https://127.0.0.1:8080", management: "127.0.0.1:8081"),
        Issuance(
            environment: ["ISSUER": "https://x/y"], isDevelopment: true, issuer: "https://x/y",
            management: "127.0.0.1:8081"),
        Issuance(
            environment: ["HTTP_LISTEN": "127.0.0.1:0"], isDevelopment: true, issuer: "http://localhost:7777",
            management: "127.0.0.1:0"),
    ])
    func `give the issuer and the management listener that follow from the first listener`(_ case: Issuance) throws {
        let settings = try Settings(environment: `case`.environment, isDevelopment: `case`.isDevelopment)
        let port = settings.http.listen.first?.port
        #expect(settings.issuer(port: port == 0 ? 7_777 : port).text == `case`.issuer)
        #expect(settings.management.listen?.description == `case`.management)
    }

    @Test func `of development lie apart from those of production`() throws {
        let usual = try Settings(environment: [:])
        let development = try Settings(environment: [:], isDevelopment: true)
        guard case .sqlite("data/lanyard.sqlite3") = usual.store.location else { throw Unexpected() }
        guard case .sqlite("data/dev/lanyard.sqlite3") = development.store.location else { throw Unexpected() }
        #expect((usual.dataDirectory, development.dataDirectory) == ("data", "data/dev"))
        let cookies = (usual.sessions.cookies, development.sessions.cookies)
        #expect((cookies.0.name, cookies.1.name) == ("__Host-lanyard", "lanyard-dev"))
        #expect((cookies.0.isSecure, cookies.1.isSecure) == (true, false))
        #expect((usual.log.format, development.log.format) == (.json, .text))
    }
}
