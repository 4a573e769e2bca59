// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardProgram
import Testing

@Suite struct `Printed settings` {
    static let given = [
        "LANYARD_HTTP_LISTEN": "127.0.0.1:9000, [::1]:9000", "LANYARD_HTTP_ALLOWED_ORIGINS": "https://a.example",
        "LANYARD_KEYS_ROTATE_EVERY": "0", "LANYARD_PASSWORDS_MEMORY": "65536KiB", "LANYARD_STATUS_TTL": "90s",
    ]

    @Test func `are a settings file that gives the same settings`() throws {
        let settings = try Settings(from: SettingSources(environment: Self.given))
        let file = try SettingsFile(path: "printed", bytes: Array(settings.text.utf8))
        let again = try Settings(from: SettingSources(file: file))
        #expect(again.records.map(\.text) == settings.records.map(\.text))
        #expect(file.lines.count == Settings.table.count)
    }

    @Test func `say where each comes from`() throws {
        let file = try SettingsFile(path: "a b.env", bytes: Array("# x\nLANYARD_STATUS_TTL=5s".utf8))
        let sources = SettingSources(
            flags: ["http.listen": "127.0.0.1:1"], environment: ["LANYARD_LOG_LEVEL": "debug"], file: file)
        let lines = try Settings(from: sources).text.split(separator: "\n", omittingEmptySubsequences: false)
        func source(of line: Substring) throws -> Substring { lines[try #require(lines.firstIndex(of: line)) - 1] }
        #expect(try source(of: "LANYARD_STATUS_TTL=5s") == "# source: file a b.env")
        #expect(try source(of: "LANYARD_LOG_LEVEL=debug") == "# source: environment")
        #expect(try source(of: "LANYARD_HTTP_LISTEN=127.0.0.1:1") == "# source: flag")
        #expect(try source(of: "LANYARD_MANAGEMENT_LISTEN=127.0.0.1:2") == "# source: default")
        #expect(try source(of: "LANYARD_PASSWORDS_BLOCKLIST=") == "# source: default")
        #expect(lines.count == 2 * Settings.table.count + 1)
    }

    @Test func `hold no secret`() throws {
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        var sources = SettingSources(environment: [
            "LANYARD_KEYS_MASTER": key, "LANYARD_KEYS_MASTER_OLD_FILE": "/nowhere/old",
            "LANYARD_STORE_URL": "postgresql://u:hunter2@h/d",
        ])
        sources.readsSecretFiles = false
        let settings = try Settings(from: sources)
        #expect(settings.text.contains("# source: environment\n# LANYARD_KEYS_MASTER=(secret)\n"))
        #expect(settings.text.contains("# source: environment\nLANYARD_KEYS_MASTER_OLD_FILE=/nowhere/old\n"))
        #expect(settings.text.contains("# source: environment\n# LANYARD_STORE_URL=(secret)\n"))
        var dumped = ""
        dump(settings, to: &dumped)
        for text in [settings.text, dumped, "\(settings)"] {
            #expect(!text.contains(key))
            #expect(!text.contains("hunter2"))
        }
    }

    @Test func `show a store without a password`() throws {
        let settings = try Settings(from: SettingSources(environment: ["LANYARD_STORE_URL": "postgresql://u@h/d"]))
        #expect(settings.text.contains("\nLANYARD_STORE_URL=postgresql://u@h/d\n"))
    }

    /// `UPDATE_CONFIG=1 swift test --filter 'Printed settings'` writes the file anew.
    @Test func `are shipped as a reference that is the table's`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "Config/lanyard.env")
        if ProcessInfo.processInfo.environment["UPDATE_CONFIG"] == "1" {
            try Settings.reference.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == Settings.reference)
    }

    @Test func `of the reference are the defaults, commented out or not`() throws {
        let reference = Settings.reference
        #expect(try SettingsFile(path: "r", bytes: Array(reference.utf8)).lines.isEmpty)
        let active = reference.replacing("\n#LANYARD_", with: "\nLANYARD_")
        let file = try SettingsFile(path: "r", bytes: Array(active.utf8))
        #expect(file.lines.map(\.name) == Settings.table.map(\.name))
        let settings = try Settings(from: SettingSources(file: file))
        #expect(settings.records.map(\.text) == Settings.defaults.map(\.text))
    }
}
