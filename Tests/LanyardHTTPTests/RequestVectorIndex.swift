// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// The tables of `Tests/Vectors/http/INDEX.md`: rules, and the vectors and tests that hold them.
struct RequestVectorIndex {
    struct Row: CustomTestStringConvertible, Sendable {
        let input: String
        let rule: String
        let answer: String
        /// Names of vectors, or their beginnings with a `*` behind.
        let patterns: [String]
        let tests: [TestName]

        var testDescription: String { input }

        /// The names that a pattern stands for.
        static func vectors(matching pattern: String, in names: [String]) -> [String] {
            guard pattern.hasSuffix("*") else { return names.filter { $0 == pattern } }
            return names.filter { $0.hasPrefix(pattern.dropLast()) }
        }
    }

    /// A test as the index names it: `Suite: test`.
    struct TestName: Sendable {
        let suite: String
        let test: String
    }

    let rows: [Row]

    init() throws {
        let url = RequestVector.folder.appending(path: "INDEX.md")
        let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        rows = text.split(separator: "\n").compactMap(Self.row)
    }

    /// Every source of the tests, in one text.
    static func testSources() throws -> String {
        let folder = RequestVector.folder.deletingLastPathComponent().deletingLastPathComponent()
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        return try paths.map { String(decoding: try Data(contentsOf: folder.appending(path: $0)), as: UTF8.self) }
            .joined()
    }

    private static func row(_ line: Substring) -> Row? {
        let cells = line.dropFirst().dropLast().split(separator: "|").map { $0.drop { $0 == " " } }
        guard line.hasPrefix("| "), cells.count == 4, !cells[0].hasPrefix("input ") else { return nil }
        let tests = cells[3].matches(of: /\*(?<suite>\w[^:*]*): (?<test>[^*]+)\*/).map {
            TestName(suite: String($0.suite), test: String($0.test))
        }
        let patterns = cells[3].matches(of: /`([^`]+)`/).map { String($0.1) }
        return Row(
            input: String(cells[0]), rule: String(cells[1]),
            answer: cells[2].split(separator: " ").joined(separator: " "),
            patterns: patterns, tests: tests)
    }
}
