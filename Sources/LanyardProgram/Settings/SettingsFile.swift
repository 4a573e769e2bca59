// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase

/// A settings file: `NAME=value` lines, comments and blank lines.
package struct SettingsFile: Equatable, Sendable {
    /// Where it was read, as it was named.
    package let path: String
    /// Its settings in their order; a name may stand twice.
    package let lines: [Line]
    /// Its permission bits; `nil` if it was not read from a file.
    package let mode: UInt32?

    /// One setting of the file.
    package struct Line: Equatable, Sendable {
        /// The name before the first `=`.
        package let name: String
        /// What stands after it, without surrounding blanks.
        package let value: String
        /// The number of the line, from 1.
        package let number: Int
    }

    /// Reads the text of a settings file.
    ///
    /// The value is verbatim: no quotes, no expansion, no comment behind it. systemd's `EnvironmentFile=` and
    /// containers' `--env-file` read the same lines in the same way.
    package init(path: String, bytes: [UInt8], mode: UInt32? = nil) throws(SettingsError) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
        var lines: [Line] = []
        var number = 0
        for raw in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            // A file written on Windows ends its lines with CRLF.
            let line = Substring(raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw)
            if line.trimmingBlanks.isEmpty || line.trimmingBlanks.hasPrefix("#") { continue }
            let origin = SettingOrigin.file(path: path, line: number)
            guard let sign = line.utf8.firstIndex(of: UInt8(ascii: "=")), isName(line[..<sign]) else {
                throw .notASetting(origin: origin)
            }
            let name = String(line[..<sign])
            guard name.hasPrefix(Setting.prefix) else { throw .foreignName(name, origin: origin) }
            lines.append(Line(name: name, value: line[sign...].dropFirst().trimmingBlanks, number: number))
        }
        self.path = path
        self.lines = lines
        self.mode = mode
    }

    /// Reads the settings file that counts for this process, if there is one.
    ///
    /// - Parameters:
    ///   - flag: The value of `--config`; a file that must exist.
    ///   - environment: Where ``configName`` may name one that must exist.
    ///   - usualPaths: Where else a file may be; the first that exists counts. Development reads none of them.
    /// - Returns: The file, or `nil` if none is named and there is none at the usual places.
    /// - Throws: ``SettingsError``, if it cannot be read or a line is wrong.
    package static func find(
        flag: String?, environment: [String: String], usualPaths: [String] = usualPaths
    ) throws(SettingsError) -> Self? {
        if let flag, !flag.isEmpty { return try read(flag, namedBy: "--config") }
        if let path = environment[configName]?.trimmingBlanksAndLineEnds, !path.isEmpty {
            return try read(path, namedBy: configName)
        }
        for path in usualPaths {
            do {
                return try read(path, namedBy: "Lanyard")
            } catch .unreadable(_, _, .missing) {
                continue
            }
        }
        return nil
    }

    private static func read(_ path: String, namedBy name: String) throws(SettingsError) -> Self {
        let bytes: [UInt8]
        let mode: UInt32
        do throws(FileError) {
            let file = try FileDescriptor(opening: path, flags: O_RDONLY)
            // The mode of the open file, not of the path: the two could differ a moment later.
            mode = try file.status().st_mode & 0o7777
            bytes = try file.readText(limit: limitBytes)
        } catch .missing {
            throw .unreadable(name: name, path: path, .missing)
        } catch {
            throw .unreadableSettings(name: name, path: path, error)
        }
        return try Self(path: path, bytes: bytes, mode: mode)
    }

    /// The variable that names the settings file; it cannot stand in one.
    package static let configName = "LANYARD_CONFIG"
    /// The files that are looked for when none is named.
    package static let usualPaths = ["./Config/lanyard.env", "/etc/lanyard/lanyard.env"]
    /// More than fifty times what every setting with its help takes.
    package static let limitBytes = 1 << 20
}

/// Whether `text` is a name that an environment can have: letters, digits and underscores (POSIX.1-2017 XBD §8.1).
private func isName(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, !first.isDigit else { return false }
    return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
}
