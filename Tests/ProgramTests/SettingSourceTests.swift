// SPDX-License-Identifier: Apache-2.0

import LanyardProgram
import Testing

@Suite struct `Settings are given` {
    private func file(_ text: String) throws(SettingsError) -> SettingsFile {
        try SettingsFile(path: "some.env", bytes: Array(text.utf8))
    }

    private func ttl(_ sources: SettingSources) throws -> SettingRecord {
        try #require(try Settings(from: sources).records.first { $0.setting.key == "status.ttl" })
    }

    @Test func `by flag before environment before file before default`() throws {
        var sources = SettingSources()
        #expect(try ttl(sources).text == "60s")
        sources.file = try file("LANYARD_STATUS_TTL=10s")
        #expect(try ttl(sources).text == "10s")
        sources.environment = ["LANYARD_STATUS_TTL": "20s"]
        #expect(try ttl(sources).text == "20s")
        sources.flags = ["status.ttl": "30s"]
        #expect(try ttl(sources).text == "30s")
        #expect(try ttl(sources).origin == .flag)
        sources.flags = ["status.ttl": ""]
        #expect(try ttl(sources).origin == .environment)
        sources.environment = ["LANYARD_STATUS_TTL": ""]
        #expect(try ttl(sources).origin == .file(path: "some.env", line: 1))
    }

    @Test func `in lines that are verbatim`() throws {
        let parsed = try file(
            "\u{20}# comment\n\n \t \r\nLANYARD_A= b # \"c\" $d \t\nLANYARD_B=\nLANYARD_C==\r\n#LANYARD_D=1\nLANYARD_A=\u{E9}"
        )
        #expect(parsed.lines.map(\.name) == ["LANYARD_A", "LANYARD_B", "LANYARD_C", "LANYARD_A"])
        #expect(parsed.lines.map(\.value) == [#"b # "c" $d"#, "", "=", "é"])
        #expect(parsed.lines.map(\.number) == [4, 5, 6, 8])
    }

    @Test func `by the last of two lines, also when it is empty`() throws {
        var sources = SettingSources()
        sources.file = try file("LANYARD_STATUS_TTL=10s\nLANYARD_STATUS_TTL=20s")
        #expect(try ttl(sources).text == "20s")
        #expect(try ttl(sources).origin == .file(path: "some.env", line: 2))
        sources.file = try file("LANYARD_STATUS_TTL=10s\nLANYARD_STATUS_TTL=")
        #expect(try ttl(sources).origin == .fallback)
    }

    struct Line: CustomTestStringConvertible, Sendable {
        let text: String, error: SettingsError
        var testDescription: String { text }
    }

    static let here = SettingOrigin.file(path: "some.env", line: 2)

    @Test(arguments: [
        Line(text: "export LANYARD_STATUS_TTL=10s", error: .notASetting(origin: here)),
        Line(text: " LANYARD_STATUS_TTL=10s", error: .notASetting(origin: here)),
        Line(text: "LANYARD_STATUS_TTL = 10s", error: .notASetting(origin: here)),
        Line(text: "LANYARD_STATUS_TTL", error: .notASetting(origin: here)),
        Line(text: "=10s", error: .notASetting(origin: here)),
        Line(text: "; comment", error: .notASetting(origin: here)),
        Line(text: "[section]", error: .notASetting(origin: here)),
        Line(text: "9LANYARD=1", error: .notASetting(origin: here)),
        Line(text: "PATH=/bin", error: .foreignName("PATH", origin: here)),
        Line(text: "lanyard_status_ttl=1s", error: .foreignName("lanyard_status_ttl", origin: here)),
        Line(
            text: "LANYARD_STATUS_TLL=1s",
            error: .unknownName("LANYARD_STATUS_TLL", origin: here, nearest: "LANYARD_STATUS_TTL")),
        Line(text: "LANYARD_CONFIG=x", error: .unknownName("LANYARD_CONFIG", origin: here, nearest: "LANYARD_ISSUER")),
        Line(
            text: "LANYARD_PORT=80",
            error: .unknownName("LANYARD_PORT", origin: here, nearest: "LANYARD_LOG_FORMAT")),
        Line(
            text: "LANYARD_STATUS_TTL=\"10s\"",
            error: .notAllowed(
                name: "LANYARD_STATUS_TTL", value: "\"10s\"", origin: here,
                allowed: "a duration from 5s to 1h: one number and one unit, s, m, h or d")),
    ])
    func `in no other lines`(line: Line) {
        #expect(throws: line.error) { try Settings(from: SettingSources(file: file("# first\n\(line.text)\n"))) }
    }

    @Test func `in UTF-8 only`() {
        #expect(throws: SettingsError.notText(path: "f")) { try SettingsFile(path: "f", bytes: [0x23, 0xFF]) }
    }

    @Test(arguments: [
        ("LANYARD_HTTP_LISTN", "LANYARD_HTTP_LISTEN"), ("LANYARD_TOKEN_LIFETIME", "LANYARD_TOKENS_ACCESS_LIFETIME"),
        ("LANYARD_LOGLEVEL", "LANYARD_LOG_LEVEL"), ("LANYARD_SESSION_REFRESH_GRACE", "LANYARD_SESSIONS_REFRESH_GRACE"),
        ("LANYARD_KEYS_MASTER_FIEL", "LANYARD_KEYS_MASTER_FILE"), ("LANYARD_status_ttl", "LANYARD_STATUS_TTL"),
        ("LANYARD_STORE_POOL_FILE", "LANYARD_STORE_URL_FILE"), ("LANYARD_", "LANYARD_ISSUER"),
    ])
    func `under their names, and another name is refused with the nearest one`(name: String, nearest: String) {
        #expect(throws: SettingsError.unknownName(name, origin: .environment, nearest: nearest)) {
            try Settings(from: SettingSources(environment: [name: ""]))
        }
    }

    @Test func `next to the variables of container platforms`() throws {
        let names = [
            "LANYARD_SERVICE_HOST", "LANYARD_SERVICE_PORT", "LANYARD_SERVICE_PORT_HTTP", "LANYARD_PORT",
            "LANYARD_PORT_8080_TCP_ADDR", "LANYARD_ADMIN_SERVICE_HOST", "LANYARD_ADMIN_PORT", "LANYARD_A_B_PORT_1_TCP",
            "LANYARD_CONFIG", "PATH", "lanyard_x",
        ]
        _ = try Settings(
            from: SettingSources(environment: Dictionary(uniqueKeysWithValues: names.map { ($0, "tcp://x") })))
    }

    @Test(arguments: [
        "LANYARD_SERVICE_HOSTS", "LANYARD_SERVICE_HOST_X", "LANYARD_PORTS", "LANYARD_SERVICE", "LANYARD_XPORT",
    ])
    func `but not under names that only look like theirs`(name: String) throws {
        do throws(any Error) {
            _ = try Settings(from: SettingSources(environment: [name: "x"]))
            Issue.record("accepted")
        } catch SettingsError.unknownName(let refused, .environment, _) {
            #expect(refused == name)
        }
    }
}
