// SPDX-License-Identifier: Apache-2.0

/// The settings of the store: `store.*`.
package struct StoreSettings: Sendable {
    /// Which database holds the store.
    package let location: StoreLocation
    /// Connections to PostgreSQL.
    package let poolSize: Int

    /// Reads the group.
    package init(from reader: inout SettingReader, isDevelopment: Bool) throws(SettingsError) {
        location = try reader.read(isDevelopment ? .developmentURL : .url, as: .store)
        poolSize = try reader.read(.pool, as: .integer(1...100))
    }
}

extension Setting {
    fileprivate static let url = storeURL(default: "sqlite:data/lanyard.sqlite3")
    fileprivate static let developmentURL = storeURL(default: "sqlite:data/dev/lanyard.sqlite3")

    private static func storeURL(default fallback: String) -> Self {
        Self(
            "store.url", default: fallback, [.mayBeFile, .mayHoldPassword],
            help: """
                Where accounts, sessions and keys are kept: sqlite:PATH, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE \
                as libpq reads it (without sslmode: verify-full, on this machine disable). LANYARD_STORE_URL_FILE names \
                a file that holds it.
                """)
    }

    fileprivate static let pool = Self("store.pool", default: "10", help: "Connections to PostgreSQL.")
}
