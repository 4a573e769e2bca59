// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardBase
import Testing
import lanyard

@Suite struct `The data folder` {
    let folder: TemporaryFolder
    var data: String { folder.path + "/data" }
    var key: String { data + "/master.key" }

    init() throws { folder = try TemporaryFolder() }

    @Test func `is made with its parents for this user alone, and one that is there stays`() throws {
        _ = try DataDirectory(creating: data + "/dev")
        #expect(try folder.mode(of: "data") == 0o700)
        #expect(try folder.mode(of: "data/dev") == 0o700)
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: data)
        _ = try DataDirectory(creating: data)
        #expect(try folder.mode(of: "data") == 0o750)
    }

    @Test func `that cannot be made is a failure with status 73`() throws {
        let file = try folder.write("", to: "file")
        let failure = try #require(throws: Failure.self) { try DataDirectory(creating: file + "/data") }
        #expect(failure.status == .cannotCreate)
        #expect(failure.message == "cannot make the folder \(file)/data: there is no such file")
        let lock = try #require(throws: Failure.self) { try DataDirectory(creating: file).withLock {} }
        #expect(lock.status == .cannotCreate)
    }

    @Test func `lets one process at a time found a store, and is not waited for without end`() throws {
        let directory = try DataDirectory(creating: data)
        func attempt() -> Failure? {
            do throws(Failure) {
                try directory.withLock(patience: .zero) {}
                return nil
            } catch {
                return error
            }
        }
        let refused = try directory.withLock { attempt() }
        #expect(refused?.status == .unavailable)
        #expect(attempt() == nil)
    }

    @Test func `holds a new master key that is whole and private`() throws {
        _ = try DataDirectory(creating: data)
        #expect(try MasterKey.load(from: key) == nil)
        let made = try MasterKey.create(at: key) { Array(repeating: UInt8($0), count: $0) }
        #expect(made.bytes.reveal() == Array(repeating: 32, count: 32))
        #expect(try folder.mode(of: "data/master.key") == 0o600)
        #expect(try String(contentsOfFile: key, encoding: .utf8) == "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: data) == ["master.key"])
        #expect(try MasterKey.load(from: key)?.bytes.reveal() == made.bytes.reveal())
    }

    @Test func `keeps the first of two master keys`() throws {
        _ = try DataDirectory(creating: data)
        let first = try MasterKey.create(at: key)
        let second = try MasterKey.create(at: key)
        #expect(first.bytes.reveal() == second.bytes.reveal())
        #expect(try FileManager.default.contentsOfDirectory(atPath: data) == ["master.key"])
    }

    @Test func `with a master key that is open to others or garbage is refused`() throws {
        let open = try folder.write("ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA", to: "open", mode: 0o644)
        #expect(try #require(throws: Failure.self) { try MasterKey.load(from: open) }.status == .settings)
        let garbage = try folder.write("ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC", to: "garbage")
        let failure = try #require(throws: Failure.self) { try MasterKey.load(from: garbage) }
        #expect(failure.status == .settings)
        #expect(failure.message.hasPrefix("\(garbage) does not hold a master key; restore it from a backup"))
    }

    @Test func `that is not there gets no master key`() throws {
        let failure = try #require(throws: Failure.self) { try MasterKey.create(at: key) }
        #expect(failure.status == .cannotCreate)
    }
}
