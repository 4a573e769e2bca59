// SPDX-License-Identifier: Apache-2.0

/// The versions of the store's tables, and how one becomes the next.
///
/// The text is that of `Config/schema/sqlite`, which the folder `schema` of this module links to and the build embeds.
package struct Schema: Sendable {
    /// What leads from one version to the next.
    package struct Migration: Sendable {
        /// The statements.
        package let script: String
        /// Whether releases that do not know the migration can still use the file, because it only adds what they ignore.
        let isAddition: Bool

        /// Creates a migration after which older releases must not use the file.
        package static func breaking(_ script: String) -> Self { Self(script: script, isAddition: false) }

        /// Creates a migration that older releases can ignore: new tables, indices, and columns that may be NULL or have a
        /// default.
        package static func adding(_ script: String) -> Self { Self(script: script, isAddition: true) }
    }

    /// What is executed to get from each version to the next, beginning with version 0, the empty file.
    package let migrations: [Migration]

    /// Creates a schema.
    package init(migrations: [Migration]) {
        self.migrations = migrations
    }

    /// The newest version.
    package var version: Int { migrations.count }

    /// The oldest version whose release may use a file of the newest.
    ///
    /// It is the `user_version` of the file, which releases up to version 4 compare with their own.
    package var usableFrom: Int { (migrations.lastIndex { !$0.isAddition } ?? -1) + 1 }

    /// What this release works with.
    package static let current = Schema(
        // The build names what it embeds after the file and puts `_` for what cannot begin a name.
        migrations: [
            .breaking(text(PackageResources._001_initial_sql)),
            .breaking(text(PackageResources._002_key_life_sql)),
            .breaking(text(PackageResources._003_status_sql)),
            .breaking(text(PackageResources._004_client_sql)),
            .adding(text(PackageResources._005_clock_and_live_sessions_sql)),
            .adding(text(PackageResources._006_client_status_sql)),
            .adding(text(PackageResources._007_password_scheme_sql)),
        ])

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What the header of every store's file says, "Lnyd", so that another SQLite file is not taken for a store.
    static let applicationID: Int64 = 0x4C6E_7964
}
