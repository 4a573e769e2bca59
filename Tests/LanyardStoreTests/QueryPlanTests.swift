// SPDX-License-Identifier: Apache-2.0

import Foundation
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

/// What a statement costs must not depend on how many rows there are: the writer is one, and all clients wait for it.
@Suite(.timeLimit(.minutes(5))) struct `SQLite store: query plans` {
    /// The tables that grow with use.
    static let growing: Set = ["account", "client", "failure", "session", "status_bit"]

    /// Statements that go through a whole table, or sort, and why they may.
    static let allowed: [String: String] = [
        "countSchemes": "counts once a minute at most, in a reading lane, which no writer waits for",
        "firstAccounts": "in the order of an index, up to a limit",
        "sweepFailures": "in the order of the table, up to four",
        "selectWithoutScheme": "in the order of an index of the rows that are left, up to a limit",
        "statusListUse": "counts in a reading lane, which no writer waits for",
    ]

    @Test func `look at no more rows than they need`() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        let statements = try StatementText.all()
        #expect(statements.count > 50, "the sources are read as they are written")
        #expect(Self.allowed.keys.allSatisfy { name in statements.contains { $0.name == name } })
        for statement in statements {
            let plan = try await store.read { connection throws(StoreError) in
                try connection.texts("EXPLAIN QUERY PLAN \(statement.text)", column: 3)
            }
            let isFree = Self.allowed[statement.name] != nil
            for step in plan where !isFree {
                let words = step.split(separator: " ")
                let isScan = words.first == "SCAN" && words.count > 1 && Self.growing.contains(String(words[1]))
                #expect(!isScan, "\(statement.name): \(step)")
                #expect(!step.contains("USE TEMP B-TREE"), "\(statement.name): \(step)")
            }
        }
    }

    @Test func `of a login see the live sessions alone`() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        for name in ["liveSessionsBeyond", "oldestSessions", "liveSessions", "endSessionsOfAccount"] {
            let statement = try #require(try StatementText.all().first { $0.name == name })
            let plan = try await store.read { connection throws(StoreError) in
                try connection.texts("EXPLAIN QUERY PLAN \(statement.text)", column: 3)
            }
            #expect(plan.contains { $0.contains("USING INDEX session_live") || $0.contains("INDEX session_live") })
        }
    }
}

/// A statement of the store, as it stands in the sources.
struct StatementText {
    let name: String
    let text: String

    /// Reads all `static let name = Query(…)` and `= ending(…)` of the module.
    static func all() throws -> [Self] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/LanyardStoreSQLite").standardizedFileURL
        var statements: [Self] = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for part in source.components(separatedBy: "static let ").dropFirst() {
                let name = part.prefix { !$0.isWhitespace }
                for (maker, makes) in makers where part.dropFirst(name.count).hasPrefix(" = \(maker)(") {
                    guard let text = literal(in: part.dropFirst(name.count + maker.count + 4)) else { continue }
                    statements.append(Self(name: String(name), text: try makes(plain(text))))
                }
            }
        }
        return statements
    }

    /// What makes a statement of a text.
    private static let makers: [(name: String, makes: @Sendable (String) -> String)] = [
        ("Query", { $0 }),
        ("ending", { "UPDATE session SET ended_at = ?1, cause = ?2 WHERE \($0) RETURNING id, account_id" }),
    ]

    private static func literal(in source: Substring) -> String? {
        let isLong = source.drop { $0.isWhitespace }.hasPrefix("\"\"\"")
        let parts = source.components(separatedBy: isLong ? "\"\"\"" : "\"")
        return parts.count > 2 ? parts[1] : nil
    }

    /// Fills in what the text is composed of, by something with the same plan.
    private static func plain(_ text: String) throws -> String {
        var text = text
        for type in ["Account", "Session", "ServiceClient"] {
            text = text.replacing("SELECT \\(\(type).columns)", with: "SELECT *")
        }
        text = text.replacing("\\(ServiceClient.addedColumns)", with: "id, secret_hash, roles, created_at")
        guard !text.contains("\\(") else { throw Unexpected.answer("a statement made of more: \(text)") }
        return text
    }
}
