// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardBase
import LanyardProgram
import Testing

@Suite struct `The data folder` {
    let folder: TemporaryFolder
    var data: String { folder.path + "/data" }
    var key: String { data + "/master.key" }

    init() throws { folder = try TemporaryFolder() }

    @Test func `is made with its parents for this user alone, and one that is there stays`() throws {
        try DataDirectory.create(at: data + "/dev")
        #expect(try folder.mode(of: "data") == 0o700)
        #expect(try folder.mode(of: "data/dev") == 0o700)
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: data)
        try DataDirectory.create(at: data)
        #expect(try folder.mode(of: "data") == 0o750)
    }

    @Test func `that cannot be made is a failure with status 73`() throws {
        let file = try folder.write("", to: "file")
        let failure = try #require(throws: Failure.self) { try DataDirectory.create(at: file + "/data") }
        #expect(failure.status == .cannotCreate)
        #expect(failure.message == "cannot make the folder \(file)/data: there is no such file")
    }

    @Test func `holds a new master key that is whole and private`() throws {
        try DataDirectory.create(at: data)
        #expect(try MasterKeyFile.load(from: key) == nil)
        let made = try MasterKeyFile.create(at: key) { Array(repeating: UInt8($0), count: $0) }
        #expect(made.reveal() == Array(repeating: 32, count: 32))
        #expect(try folder.mode(of: "data/master.key") == 0o600)
        #expect(try String(contentsOfFile: key, encoding: .utf8) == "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: data) == ["master.key"])
        #expect(try MasterKeyFile.load(from: key)?.reveal() == made.reveal())
    }

    @Test func `keeps the first of two master keys`() throws {
        try DataDirectory.create(at: data)
        let first = try MasterKeyFile.create(at: key)
        let second = try MasterKeyFile.create(at: key)
        #expect(first.reveal() == second.reveal())
        #expect(try FileManager.default.contentsOfDirectory(atPath: data) == ["master.key"])
    }

    @Test func `with a master key that is open to others or garbage is refused`() throws {
        let open = try folder.write("ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA", to: "open", mode: 0o644)
        #expect(try #require(throws: Failure.self) { try MasterKeyFile.load(from: open) }.status == .settings)
        let garbage = try folder.write("ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC", to: "garbage")
        let failure = try #require(throws: Failure.self) { try MasterKeyFile.load(from: garbage) }
        #expect(failure.status == .settings)
        #expect(failure.message.hasPrefix("\(garbage) does not hold a master key; restore it from a backup"))
    }

    @Test func `that is not there gets no master key`() throws {
        let failure = try #require(throws: Failure.self) { try MasterKeyFile.create(at: key) }
        #expect(failure.status == .cannotCreate)
    }
}
