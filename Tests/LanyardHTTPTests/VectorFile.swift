// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A file of `Tests/Vectors`: keys, an empty line, then bytes as ``ByteNotation`` has them.
struct VectorFile {
    enum Mistake: Error, Equatable {
        case unknownKey(String)
        case missingKey(String)
        case repeatedKey(String)
        case badValue(String)
        case notText
    }

    let rule: String
    let expect: String
    let bytes: [UInt8]
    /// The most bytes of content.
    let limitBytes: Int
    private(set) var keys: [String: [String]] = [:]

    /// Where the vectors of one kind lie.
    static func folder(_ kind: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Vectors/" + kind)
    }

    /// The names of all vectors of a kind, without `.txt`.
    static func names(in kind: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder(kind).path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }

    /// Reads the file `name` of a kind, which has `rule`, `expect`, and what else is known.
    init(_ name: String, in kind: String, known: Set<String>) throws {
        let content = try Data(contentsOf: Self.folder(kind).appending(path: name + ".txt"))
        guard let text = String(validating: content, as: UTF8.self) else { throw Mistake.notText }
        try self.init(text, known: known)
    }

    init(_ text: String, known: Set<String>) throws {
        guard let gap = text.firstRange(of: "\n\n") else { throw Mistake.missingKey("bytes") }
        for line in text[..<gap.lowerBound].split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { throw Mistake.unknownKey(String(line)) }
            let key = String(line[..<colon])
            guard known.union(["rule", "expect", "comment", "limit"]).contains(key) else {
                throw Mistake.unknownKey(key)
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            guard keys[key] == nil || key == "field" || key == "comment" else { throw Mistake.repeatedKey(key) }
            keys[key, default: []].append(String(value))
        }
        guard let rule = keys["rule"]?.first, !rule.isEmpty else { throw Mistake.missingKey("rule") }
        guard let expect = keys["expect"]?.first else { throw Mistake.missingKey("expect") }
        let limit = keys["limit"]?.first ?? "65536"
        guard let number = Int(limit) else { throw Mistake.badValue(limit) }
        self.rule = rule
        self.expect = expect
        limitBytes = number
        bytes = try ByteNotation.bytes(of: text[gap.upperBound...])
    }

    /// The value of a key that stands at most once.
    func value(_ key: String) -> String? { keys[key]?.first }
}

extension [UInt8] {
    /// Where to cut: everywhere, or for a long text at its ends and at each 997th byte.
    ///
    /// The fuzzer, which is built for speed, cuts the long ones at every byte, and the longest at each 29th.
    var cuts: [Int] {
        guard count > 1_024 else { return Array<Int>(indices) }
        return indices.filter { $0 < 64 || $0 >= count - 64 || $0 % 997 == 0 }
    }
}
