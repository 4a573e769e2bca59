// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A new empty folder, removed with everything in it when the last reference goes.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lanyard-test-" + UUID().uuidString.lowercased()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of `name` in the folder.
    func path(of name: String) -> String { path + "/" + name }

    /// Writes a file, its permissions `mode`.
    func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(of: name)))
        try setMode(of: name, to: mode)
    }

    /// Sets the permission bits of `name`.
    func setMode(of name: String, to mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(of: name))
    }

    /// Makes a folder.
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(of: name), withIntermediateDirectories: false)
    }

    /// Whether there is a file or folder `name`.
    func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(of: name)) }

    /// The bytes of the file `name`.
    func bytes(of name: String) throws -> [UInt8] {
        try Self.bytes(at: path(of: name))
    }

    /// The bytes of any file.
    static func bytes(at path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The permission bits of `name`.
    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path(of: name))
        guard let mode = attributes[.posixPermissions] as? NSNumber else { throw Failure("\(name) has no mode") }
        return mode.intValue
    }

    /// The path, the mode and the bytes of every file below a folder.
    ///
    /// Two equal pictures mean that nothing was changed.
    func picture(of name: String) throws -> [String: Item] {
        var items: [String: Item] = [:]
        for entry in try FileManager.default.subpathsOfDirectory(atPath: path(of: name)) {
            let file = name + "/" + entry
            var isFolder: ObjCBool = false
            _ = unsafe FileManager.default.fileExists(atPath: path(of: file), isDirectory: &isFolder)
            items[file] = Item(mode: try mode(of: file), bytes: isFolder.boolValue ? [] : try bytes(of: file))
        }
        return items
    }

    /// One entry of a picture.
    struct Item: Equatable, CustomStringConvertible {
        let mode: Int
        let bytes: [UInt8]

        var description: String { String(mode, radix: 8) + ", \(bytes.count) bytes" }
    }
}
