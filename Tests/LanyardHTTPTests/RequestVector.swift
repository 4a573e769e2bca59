// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import TestSupport

/// One file of `Tests/Vectors/http`, whose README tells the form: what bytes mean, by which rule.
struct RequestVector {
    typealias Mistake = VectorFile.Mistake

    /// One word of `expect:`.
    enum Verdict: Equatable {
        case accept, more, idle
        case refuse(status: Int, reason: String)
    }

    var expected: [Verdict] = []
    let bytes: [UInt8]
    var limits = RequestTranscript.Limits()
    var asksToContinue = false
    /// Whether the connection goes on behind the first request; told only if it does not.
    var keepsAlive = true
    private let file: VectorFile

    static let folder = VectorFile.folder("http")

    /// The names of all vectors, without `.txt`.
    static var names: [String] { VectorFile.names(in: "http").filter { $0 != "differences" } }

    init(named name: String) throws {
        try self.init(VectorFile(name, in: "http", known: Self.knownKeys))
    }

    init(_ text: String) throws {
        try self.init(VectorFile(text, known: Self.knownKeys))
    }

    private init(_ file: VectorFile) throws {
        self.file = file
        bytes = file.bytes
        limits.bodyBytes = file.limitBytes
        expected = try file.expect.split(separator: ", ").map(Self.verdict)
        if let asks = value("continue") {
            guard asks == "yes" else { throw Mistake.badValue(asks) }
            asksToContinue = true
        }
        if let answer = value("keeps-alive") {
            guard ["yes", "no"].contains(answer) else { throw Mistake.badValue(answer) }
            keepsAlive = answer == "yes"
        }
    }

    /// The value of a key that stands at most once.
    func value(_ key: String) -> String? { file.value(key) }

    /// What the first request must have among its fields.
    var fields: [String] { file.keys["field"] ?? [] }

    var isAccepted: Bool { expected.allSatisfy { $0 == .accept } }
    var isRefused: Bool { if case .refuse = expected.last { true } else { false } }

    private static let knownKeys: Set = [
        "continue", "method", "target", "query", "version", "authority", "fields", "field", "body", "keeps-alive",
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
