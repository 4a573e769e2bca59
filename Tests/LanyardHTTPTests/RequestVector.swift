// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LanyardHTTP
import TestSupport

/// One file of `Tests/Vectors/http`, whose README tells the form: what bytes mean, by which rule.
struct RequestVector {
    enum Mistake: Error, Equatable {
        case unknownKey(String)
        case missingKey(String)
        case repeatedKey(String)
        case badValue(String)
        case notText
    }

    /// One word of `expect:`.
    enum Verdict: Equatable {
        case accept, more, idle
        case refuse(status: Int, reason: String)
    }

    var expected: [Verdict] = []
    var bytes: [UInt8] = []
    var limits = RequestTranscript.Limits()
    var asksToContinue = false
    /// Whether the connection goes on behind the first request; told only if it does not.
    var keepsAlive = true
    private(set) var keys: [String: [String]] = [:]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Vectors/http")

    /// The names of all vectors, without `.txt`.
    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") && $0 != "differences.txt" }.map { String($0.dropLast(4)) }.sorted()
    }

    init(named name: String) throws {
        let content = try Data(contentsOf: Self.folder.appending(path: name + ".txt"))
        guard let text = String(validating: content, as: UTF8.self) else { throw Mistake.notText }
        try self.init(text)
    }

    init(_ text: String) throws {
        guard let gap = text.firstRange(of: "\n\n") else { throw Mistake.missingKey("bytes") }
        for line in text[..<gap.lowerBound].split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { throw Mistake.unknownKey(String(line)) }
            let key = String(line[..<colon])
            guard Self.knownKeys.contains(key) else { throw Mistake.unknownKey(key) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            guard keys[key] == nil || key == "field" || key == "comment" else { throw Mistake.repeatedKey(key) }
            keys[key, default: []].append(String(value))
        }
        guard value("rule")?.isEmpty == false else { throw Mistake.missingKey("rule") }
        guard let expect = value("expect") else { throw Mistake.missingKey("expect") }
        expected = try expect.split(separator: ", ").map(Self.verdict)
        if let limit = value("limit") {
            guard let number = Int(limit) else { throw Mistake.badValue(limit) }
            limits.bodyBytes = number
        }
        if let asks = value("continue") {
            guard asks == "yes" else { throw Mistake.badValue(asks) }
            asksToContinue = true
        }
        if let answer = value("keeps-alive") {
            guard ["yes", "no"].contains(answer) else { throw Mistake.badValue(answer) }
            keepsAlive = answer == "yes"
        }
        bytes = try ByteNotation.bytes(of: text[gap.upperBound...])
    }

    /// The value of a key that stands at most once.
    func value(_ key: String) -> String? { keys[key]?.first }

    var isAccepted: Bool { expected.allSatisfy { $0 == .accept } }
    var isRefused: Bool { if case .refuse = expected.last { true } else { false } }

    private static let knownKeys: Set = [
        "rule", "expect", "comment", "limit", "continue", "method", "target", "query", "version", "authority", "fields",
        "field", "body", "keeps-alive",
    ]

    private static func verdict(_ text: Substring) throws -> Verdict {
        let words = text.split(separator: " ")
        switch words.first {
        case "accept" where words.count == 1: return .accept
        case "more" where words.count == 1: return .more
        case "idle" where words.count == 1: return .idle
        case "refuse" where words.count == 3:
            guard let status = Int(words[1]) else { throw Mistake.badValue(String(text)) }
            return .refuse(status: status, reason: String(words[2]))
        default: throw Mistake.badValue(String(text))
        }
    }
}

extension RequestVector.Verdict {
    /// The verdict in the words of a vector: the name of the malformation, or of the error that has none.
    init(_ outcome: RequestTranscript.Outcome) {
        switch outcome {
        case .accepted: self = .accept
        case .more: self = .more
        case .idle: self = .idle
        case .refused(.malformed(let malformation)): self = .refuse(status: 400, reason: "\(malformation)")
        case .refused(let error):
            self = .refuse(status: error.status, reason: String("\(error)".prefix { $0 != "(" }))
        }
    }
}
