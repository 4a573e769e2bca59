// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct `Request vector index` {
    private static let rows = (try? RequestVectorIndex().rows) ?? []

    @Test func `is found`() {
        #expect(Self.rows.count >= 130)
    }

    @Test(arguments: rows)
    func `names a rule, and what holds it`(row: RequestVectorIndex.Row) throws {
        #expect(row.rule.contains(/^RFC \d+ §\d/))
        #expect(!row.patterns.isEmpty || !row.tests.isEmpty)
        for pattern in row.patterns {
            let names = RequestVectorIndex.Row.vectors(matching: pattern, in: RequestVector.names)
            #expect(!names.isEmpty, "there is no \(pattern)")
            for name in names {
                #expect(try RequestVector(named: name).has(row.answer), "\(name) has another answer than \(row.answer)")
            }
        }
    }

    @Test func `names tests that exist`() throws {
        let sources = try RequestVectorIndex.testSources()
        for row in Self.rows {
            for name in row.tests {
                #expect(sources.contains("struct `\(name.suite)`"), "\(row.input)")
                #expect(sources.contains("func `\(name.test)`("), "\(row.input)")
            }
        }
    }

    @Test func `leads to every vector`() {
        let names = RequestVector.names
        let found = Self.rows.flatMap(\.patterns).flatMap { RequestVectorIndex.Row.vectors(matching: $0, in: names) }
        #expect(Set(names).subtracting(found).sorted() == [])
    }
}

extension RequestVector {
    /// Whether the vector has the answer that a row of the index gives it.
    fileprivate func has(_ answer: String) -> Bool {
        switch answer {
        case "accept": return expected.first == .accept
        case "wait": return expected.last == .more || expected.last == .idle
        case "404": return value("target") == "unroutable"
        default:
            return expected.contains {
                guard case .refuse(let status, _) = $0 else { return false }
                return String(status) == answer
            }
        }
    }
}
