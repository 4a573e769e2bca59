// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardBase
import LanyardProgram
import Testing

@Suite struct `A secret in a file` {
    static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func settings(_ environment: [String: String]) throws(SettingsError) -> Settings {
        try Settings(from: SettingSources(environment: environment))
    }

    @Test func `stands for the setting`() throws {
        let master = try folder.write("\(Self.key)\n", to: "master")
        let old = try folder.write(" \t\(Self.key)=\r\n\n", to: "old", mode: 0o640)
        let url = try folder.write("postgresql://u:p@h/d", to: "url", mode: 0o400)
        let settings = try settings([
            "LANYARD_KEYS_MASTER_FILE": master, "LANYARD_KEYS_MASTER_OLD_FILE": old, "LANYARD_STORE_URL_FILE": url,
        ])
        #expect(settings.keys.master?.reveal() == Array(0..<32))
        #expect(settings.keys.masterBefore?.reveal() == Array(0..<32))
        guard case .postgresql(let uri) = settings.store.location else { throw Unexpected() }
        #expect(uri.reveal() == "postgresql://u:p@h/d")
        #expect(settings.text.contains("# source: environment\nLANYARD_STORE_URL_FILE=\(url)\n"))
        #expect(settings.records.first { $0.setting.key == "keys.master" }?.origin == .environment)
    }

    @Test(arguments: [0o604, 0o620, 0o601, 0o660, 0o644, 0o666, 0o602])
    func `is refused when others could read it or the group could write it`(mode: Int) throws {
        let path = try folder.write(Self.key, to: "master", mode: mode)
        #expect(throws: SettingsError.exposed(name: "LANYARD_KEYS_MASTER_FILE", path: path, mode: UInt32(mode))) {
            try settings(["LANYARD_KEYS_MASTER_FILE": path])
        }
    }

    @Test func `may have any mode where systemd guards the folder, and nowhere beside it`() throws {
        for name in ["guarded", "guarded-not"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        }
        let credentials = ["CREDENTIALS_DIRECTORY": folder.path + "/guarded-not/../guarded/"]
        _ = try folder.write(Self.key, to: "guarded/master", mode: 0o644)
        let inside = ["LANYARD_KEYS_MASTER_FILE": folder.path + "/guarded-not/../guarded/master"]
        _ = try settings(inside.merging(credentials) { $1 })
        let path = try folder.write(Self.key, to: "guarded-not/master", mode: 0o644)
        #expect(throws: SettingsError.exposed(name: "LANYARD_KEYS_MASTER_FILE", path: path, mode: 0o644)) {
            try settings(["LANYARD_KEYS_MASTER_FILE": path].merging(credentials) { $1 })
        }
    }

    @Test func `given twice is refused, wherever the two come from`() throws {
        let path = try folder.write(Self.key, to: "master")
        let file = try SettingsFile(path: "f", bytes: Array("LANYARD_KEYS_MASTER_FILE=\(path)".utf8))
        let error = SettingsError.givenTwice(
            name: "LANYARD_KEYS_MASTER", origins: [.environment, .file(path: "f", line: 1)])
        #expect(throws: error) {
            try Settings(from: SettingSources(environment: ["LANYARD_KEYS_MASTER": Self.key], file: file))
        }
    }

    @Test func `is refused when it is missing, empty, too long or no key`() throws {
        let name = "LANYARD_KEYS_MASTER_FILE"
        #expect(throws: SettingsError.unreadable(name: name, path: "/nowhere/x", .missing)) {
            try settings([name: "/nowhere/x"])
        }
        let empty = try folder.write(" \n", to: "empty")
        #expect(throws: SettingsError.empty(name: name, path: empty)) { try settings([name: empty]) }
        let long = try folder.write(String(repeating: "A", count: SecretFile.limitBytes + 1), to: "long")
        #expect(throws: SettingsError.unreadable(name: name, path: long, .tooLarge(limitBytes: SecretFile.limitBytes)))
        {
            try settings([name: long])
        }
        let other = try folder.write("not a key", to: "other")
        let allowed = SettingKind<Secret<[UInt8]>>.masterKey.allowed
        #expect(throws: SettingsError.notAllowed(name: name, value: nil, origin: .environment, allowed: allowed)) {
            try settings([name: other])
        }
    }
}
