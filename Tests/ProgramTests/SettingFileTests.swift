// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LanyardCore
import LanyardProgram
import Testing

@Suite struct `A settings file` {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func find(
        flag: String? = nil, _ environment: [String: String] = [:], usual: [String] = []
    ) throws(SettingsError) -> SettingsFile? {
        try SettingsFile.find(flag: flag, environment: environment, usualPaths: usual)
    }

    @Test func `is the one that is named, else the first at the usual places`() throws {
        let paths = try ["flag", "variable", "first", "second"].map { name in
            try folder.write("LANYARD_STATUS_TTL=5s\n", to: name)
        }
        let usual = [paths[2], paths[3]]
        #expect(try find(flag: paths[0], ["LANYARD_CONFIG": paths[1]], usual: usual)?.path == paths[0])
        #expect(try find(["LANYARD_CONFIG": paths[1] + "\r\n"], usual: usual)?.path == paths[1])
        #expect(try find(usual: usual)?.path == paths[2])
        #expect(try find(usual: ["/nowhere/x", paths[3]])?.path == paths[3])
        #expect(try find(usual: ["/nowhere/x"]) == nil)
        #expect(SettingsFile.usualPaths == ["./Config/lanyard.env", "/etc/lanyard/lanyard.env"])
    }

    @Test func `that is there and cannot be read stops the search`() throws {
        let second = try folder.write("", to: "second")
        do throws(SettingsError) {
            _ = try find(usual: [folder.path, second])
            Issue.record("a folder was read")
        } catch {
            #expect(error.failure.status == .noPermission)
            #expect(error.failure.message.contains(folder.path))
        }
        do throws(SettingsError) {
            _ = try find(flag: "/nowhere/x")
            Issue.record("found")
        } catch {
            #expect(error.failure.status == .settings)
        }
    }

    @Test func `may begin with a byte order mark`() throws {
        let path = try folder.write("\u{FEFF}LANYARD_STATUS_TTL=5s\n", to: "marked")
        #expect(try find(flag: path)?.lines.map(\.name) == ["LANYARD_STATUS_TTL"])
    }

    static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    @Test(arguments: [
        "LANYARD_KEYS_MASTER=\(key)", "LANYARD_KEYS_MASTER_OLD=\(key)", "LANYARD_STORE_URL=postgresql://u:p@h/d",
        "LANYARD_KEYS_MASTER=\(key)\nLANYARD_KEYS_MASTER=",
    ])
    func `with a secret in it is nobody else's to read`(text: String) throws {
        let name = String(text.prefix { $0 != "=" })
        for mode in [0o644, 0o604, 0o660, 0o620] {
            let path = try folder.write(text, to: "open", mode: mode)
            let file = try find(flag: path)
            let error = SettingsError.exposedSettings(path: path, name: name, mode: UInt32(mode))
            #expect(throws: error) { try Settings(from: SettingSources(file: file)) }
            // The environment goes before the file, and what is in the file can be read all the same.
            #expect(throws: error) {
                try Settings(from: SettingSources(environment: ["LANYARD_KEYS_MASTER": Self.key], file: file))
            }
            let guarded = ["CREDENTIALS_DIRECTORY": folder.path]
            _ = try Settings(from: SettingSources(environment: guarded, file: file))
            #expect(error.failure.status == .settings && !error.failure.message.contains(Self.key))
        }
        let closed = try find(flag: try folder.write(text, to: "closed", mode: 0o640))
        _ = try Settings(from: SettingSources(file: closed))
    }

    @Test func `without a secret may be read by everybody`() throws {
        let text = "LANYARD_KEYS_MASTER=\nLANYARD_KEYS_MASTER_OLD_FILE=/x\nLANYARD_STORE_URL=postgresql://u@h/d"
        var sources = SettingSources(file: try find(flag: try folder.write(text, to: "open", mode: 0o666)))
        sources.readsSecretFiles = false
        _ = try Settings(from: sources)
    }

    @Test(arguments: ["5s\n", "5s\r\n", " 5s \r\n\n", "5s\r"])
    func `is overridden by a variable, whose line endings are blanks`(value: String) throws {
        let settings = try Settings(from: SettingSources(environment: ["LANYARD_STATUS_TTL": value]))
        #expect(settings.status.policy?.ttl == .seconds(5))
        let empty = try Settings(from: SettingSources(environment: ["LANYARD_STATUS_TTL": "\r\n"]))
        #expect(empty.status.policy?.ttl == .seconds(60))
        #expect(throws: SettingsError.self) {
            try Settings(from: SettingSources(environment: ["LANYARD_STATUS_TTL": "\n5s"]))
        }
    }

    @Test(arguments: [
        ("sqlite:///var/lib/x.sqlite3", "sqlite:/var/lib"), ("sqlite://data/x", "sqlite:data/"),
        ("sqlite:~/x", "nothing expands ~"), ("sqlite:~bob/x", "nothing expands ~"),
    ])
    func `gives a hint for the URL of a store that others would read in another way`(url: String, hint: String) {
        do throws(SettingsError) {
            _ = try Settings(from: SettingSources(environment: ["LANYARD_STORE_URL": url]))
            Issue.record("accepted")
        } catch {
            #expect(error.failure.status == .settings)
            #expect(error.failure.message.contains(hint) && error.failure.message.contains("LANYARD_STORE_URL"))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `names what others could change`() throws {
        let data = folder.path + "/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
        let key = try folder.write(Self.key, to: "data/key")
        let settings = try Settings(
            from: SettingSources(environment: [
                "LANYARD_STORE_URL": "sqlite:\(data)/x.sqlite3", "LANYARD_KEYS_MASTER_FILE": key,
            ]))
        #expect(unsafe chmod(data, 0o700) == 0)
        #expect(settings.exposures(toOthersThan: 0) == [])
        #expect(settings.exposures(toOthersThan: 1_000) == [], "root may do anything anyway")
        #expect(unsafe chmod(data, 0o770) == 0)
        #expect(unsafe chown(key, 1_234, 0) == 0)
        let exposures = settings.exposures(toOthersThan: 1_000)
        #expect(exposures.count == 2)
        #expect(exposures.first?.contains(data) == true && exposures.first?.contains("write") == true)
        #expect(exposures.last?.contains(key) == true && exposures.last?.contains("uid 1234") == true)
        #expect(unsafe chmod(data, 0o700) == 0)
        #expect(unsafe chown(data, 1_234, 0) == 0)
        #expect(settings.exposures(toOthersThan: 1_000).first?.contains("belongs to another user") == true)
        #expect(settings.exposures(toOthersThan: 1_234) == [])
    }
}
