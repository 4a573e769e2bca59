// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension SQLiteStore {
    package func passwordSchemes() async throws(StoreError) -> PasswordSchemes {
        try await read { connection throws(StoreError) in
            let schemes = try connection.first(.selectSchemes) { row throws(StoreError) in
                PasswordSchemes(counts: try counts(of: row.texts(0)), countedAt: try row.optional(1, row.time))
            }
            guard let schemes else { throw .damaged }
            return schemes
        }
    }

    package func countPasswordSchemes(at now: UnixTime) async throws(StoreError) -> PasswordSchemes {
        // Counted by a reader: with a million accounts that takes a tenth of a second, in which no session is to wait.
        let counts = try await read { connection throws(StoreError) in
            let limit = Int64(PasswordSchemes.maximumSchemes)
            let rows = try connection.all(.countSchemes, [.integer(limit)]) { row throws(StoreError) in
                (try row.text(0), try row.integer(1))
            }
            return Dictionary(rows) { $0 + $1 }
        }
        try await write { connection throws(StoreError) in
            _ = try connection.run(.setSchemes, [.texts(texts(of: counts)), .time(now)])
        }
        return PasswordSchemes(counts: counts, countedAt: now)
    }

    package func accountsWithoutScheme(limit: Int) async throws(StoreError) -> [AccountScheme] {
        try await read { connection throws(StoreError) in
            try connection.all(.selectWithoutScheme, [.integer(Int64(limit))]) { row throws(StoreError) in
                AccountScheme(id: try row.id(0), sealed: try row.bytes(1))
            }
        }
    }

    package func fillIn(_ schemes: [AccountScheme]) async throws(StoreError) {
        try await write { connection throws(StoreError) in
            for scheme in schemes {
                try connection.run(.fillInScheme, [.text(scheme.scheme), .id(scheme.id), .bytes(scheme.sealed)])
            }
        }
    }
}

/// Returns scheme and count in turn, in the order of the schemes.
private func texts(of counts: [String: Int64]) -> [String] {
    counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.flatMap { [$0.key, String($0.value)] }
}

private func counts(of texts: [String]) throws(StoreError) -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for index in stride(from: 0, to: texts.count - 1, by: 2) {
        guard let count = Int64(texts[index + 1]), count >= 0 else { throw .damaged }
        counts[texts[index]] = count
    }
    return counts
}

extension Query {
    fileprivate static let selectSchemes = Query("SELECT schemes, schemes_counted_at FROM meta")
    fileprivate static let setSchemes = Query("UPDATE meta SET schemes = ?, schemes_counted_at = ?")
    fileprivate static let countSchemes = Query(
        """
        SELECT scheme, count(*) FROM account WHERE scheme IS NOT NULL
        GROUP BY scheme ORDER BY count(*) DESC, scheme LIMIT ?
        """)
    fileprivate static let selectWithoutScheme = Query(
        "SELECT id, password FROM account WHERE scheme IS NULL ORDER BY id LIMIT ?")
    fileprivate static let fillInScheme = Query(
        "UPDATE account SET scheme = ? WHERE id = ? AND password = ? AND scheme IS NULL")
}
