// SPDX-License-Identifier: Apache-2.0

/// The versions of the store's tables, and how one becomes the next.
///
/// The text is that of `Config/schema/sqlite`, which the folder `schema` of this module links to and the build embeds.
package struct Schema: Sendable {
    /// What is executed to get from each version to the next, beginning with version 0, the empty file.
    package let migrations: [String]

    /// Creates a schema.
    package init(migrations: [String]) {
        self.migrations = migrations
    }

    /// The newest version.
    package var version: Int { migrations.count }

    /// What this release works with.
    package static let current = Schema(
        // The build names what it embeds after the file and puts `_` for what cannot begin a name.
        migrations: [
            PackageResources._001_initial_sql, PackageResources._002_key_life_sql, PackageResources._003_status_sql,
            PackageResources._004_client_sql, PackageResources._007_password_scheme_sql,
        ].map { String(decoding: $0, as: UTF8.self) })

    /// What the header of every store's file says, "Lnyd", so that another SQLite file is not taken for a store.
    static let applicationID: Int64 = 0x4C6E_7964
}
