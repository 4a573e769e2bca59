// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A file of Tests/Vectors that holds one token; the READMEs there tell the format.
struct VectorFile: Sendable {
    let name: String
    let fields: [String: String]
    let token: [UInt8]
    /// Why the token is to be refused; `nil` for one that is good.
    let refusal: Refusal?

    struct Refusal: Sendable {
        let word: String
        let fact: String?
    }

    struct Unreadable: Error {
        let name: String
    }

    static func folder(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/\(name)/")
    }

    static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".txt") }.sorted()
    }

    init(folder: URL, file: String) throws {
        name = String(file.dropLast(4))
        let text = try String(decoding: Data(contentsOf: folder.appending(path: file)), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let end = lines.firstIndex(of: ""), lines.count == end + 3, lines.last == "" else {
            throw Unreadable(name: name)
        }
        var fields: [String: String] = [:]
        for line in lines[..<end] {
            guard let colon = line.firstRange(of: ": ") else { throw Unreadable(name: name) }
            fields[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
        }
        guard fields["rule"] != nil, fields["comment"] != nil, let expect = fields["expect"] else {
            throw Unreadable(name: name)
        }
        self.fields = fields
        token = Array(lines[end + 1].utf8)
        guard expect != "accept" else {
            refusal = nil
            return
        }
        let words = expect.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2, words[0] == "refuse" else { throw Unreadable(name: name) }
        refusal = Refusal(word: words[1], fact: words.count > 2 ? words[2] : nil)
    }
}
