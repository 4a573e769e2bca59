// SPDX-License-Identifier: Apache-2.0

import Glibc
import LanyardPasswords
import Testing

/// Reads Unicode's own test file, from the Debian package `unicode-data` (and `bzip2` to unpack it).
///
/// Without the file the test fails. The file's version may be older than the standard library's: by Unicode's stability
/// policy what was assigned then has the same form for ever.
@Suite struct `Normalization Form C` {
    static let path = "/usr/share/unicode/NormalizationTest.txt.bz2"

    struct Row {
        let line: String
        /// Source, NFC, NFD, NFKC, NFKD.
        let columns: [String]
    }

    struct Unreadable: Error {
        let reason: String
    }

    @Test func `is that of every row of NormalizationTest`() throws {
        let lines = try Self.lines()
        let rows = lines.compactMap(Self.row)
        #expect(rows.count > 18_000)
        for row in rows {
            let forms = row.columns.map { Array($0.normalizedC.unicodeScalars) }
            let wanted = row.columns.map { Array($0.unicodeScalars) }
            #expect(forms[0] == wanted[1] && forms[1] == wanted[1] && forms[2] == wanted[1], "\(row.line)")
            #expect(forms[3] == wanted[3] && forms[4] == wanted[3], "\(row.line)")
        }
    }

    @Test func `is itself for every other code point of that version`() throws {
        let lines = try Self.lines()
        let version = try Self.version(of: lines)
        let part1 = lines.drop { !$0.hasPrefix("@Part1") }.dropFirst().prefix { !$0.hasPrefix("@") }
        let listed = Set(part1.compactMap(Self.row).compactMap(\.columns.first?.unicodeScalars.first))
        var checked = 0
        for value in UInt32(0)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value), !listed.contains(scalar), let age = scalar.properties.age,
                (age.major, age.minor) <= version
            else { continue }
            checked += 1
            let form = String(scalar).normalizedC.unicodeScalars
            if form.count != 1 || form.first != scalar { Issue.record("U+\(String(value, radix: 16)) changes") }
        }
        #expect(checked > 250_000)
    }

    @Test func `is at most four times shorter than any spelling`() throws {
        // What the bounds on names and passwords rest on that are taken before normalisation.
        let ratios = try Self.lines().compactMap(Self.row).map { row in
            let (composed, decomposed) = (row.columns[1].unicodeScalars.count, row.columns[2].unicodeScalars.count)
            return (decomposed + composed - 1) / composed
        }
        #expect(ratios.max() == 4)
    }

    static func lines() throws -> [String] {
        guard unsafe access(path, R_OK) == 0 else {
            throw Unreadable(reason: "\(path): install the package unicode-data")
        }
        guard let pipe = unsafe popen("exec bzip2 -dc \(path)", "r") else { throw Unreadable(reason: "no pipe") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, pipe)
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        guard unsafe pclose(pipe) == 0 else { throw Unreadable(reason: "install the package bzip2") }
        return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    static func row(_ line: String) -> Row? {
        guard let first = line.utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "@") else { return nil }
        let columns = line.split(separator: ";").prefix(5).map { column in
            var scalars = String.UnicodeScalarView()
            scalars.append(
                contentsOf: column.split(separator: " ").compactMap { UInt32($0, radix: 16) }.compactMap(
                    Unicode.Scalar.init))
            return String(scalars)
        }
        return Row(line: line, columns: columns)
    }

    /// The version in the first line: `# NormalizationTest-15.0.0.txt`.
    static func version(of lines: [String]) throws -> (Int, Int) {
        let numbers = lines.first?.split(separator: "-").last?.split(separator: ".").compactMap { Int($0) } ?? []
        guard numbers.count == 3 else { throw Unreadable(reason: "no version in the first line") }
        return (numbers[0], numbers[1])
    }
}
