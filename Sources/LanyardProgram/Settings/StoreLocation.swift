// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// Which database holds the store.
package enum StoreLocation: Sendable {
    /// A file of SQLite.
    case sqlite(path: String)
    /// A connection URI as libpq reads it (PostgreSQL 15, §34.1.1.2); it may hold a password.
    case postgresql(uri: Secret<String>)

    /// The kind of database, in one word.
    package var kind: String {
        switch self {
        case .sqlite: "sqlite"
        case .postgresql: "postgresql"
        }
    }

    /// Reads `sqlite:PATH` or `postgresql://…`.
    package init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: \.isControl), text.utf8.count <= 4_095 else { return nil }
        if text.hasPrefix("sqlite:") {
            let path = String(text.dropFirst(7))
            // A store in memory would be gone, and its sessions with it, at the first restart.
            guard !path.isEmpty, path != ":memory:", !path.hasSuffix("/"), Self.hint(for: text) == nil else {
                return nil
            }
            self = .sqlite(path: path)
        } else if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            self = .postgresql(uri: Secret(text))
        } else {
            return nil
        }
    }

    /// Returns what to write instead of a path that other programs would read in another way.
    fileprivate static func hint(for text: String) -> String? {
        if text.hasPrefix("sqlite://") {
            return "sqlite:PATH with the path as it is, for there is no host: sqlite:/var/lib/lanyard.sqlite3 from the "
                + "root, sqlite:data/lanyard.sqlite3 from the working folder"
        }
        guard text.hasPrefix("sqlite:~") else { return nil }
        return "the whole path, such as sqlite:/srv/lanyard/lanyard.sqlite3: nothing expands ~ here"
    }

    /// Returns whether a text that is meant as a store's URL has, or could have, a password in it.
    ///
    /// It need not be well-formed: what is refused is not shown either.
    package static func hasPassword(_ text: String) -> Bool {
        guard !text.hasPrefix("sqlite:") else { return false }
        let rest = splitScheme(text)?.rest ?? text[...]
        if let sign = rest.lastIndex(of: "@"), rest[..<sign].contains(":") { return true }
        // libpq decodes the names of parameters too, so behind an escape there may be any.
        let query = rest.drop { $0 != "?" }
        return query.contains("%") || query.lowercased().contains("password")
    }
}

extension SettingKind<StoreLocation> {
    /// The URL of a store.
    package static let store = Self(
        "sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE", hint: { StoreLocation.hint(for: $0) }
    ) {
        StoreLocation($0)
    }
}
