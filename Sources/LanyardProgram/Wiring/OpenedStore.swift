// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardStore
internal import LanyardStoreSQLite

/// The store that the settings name, with its keys opened.
///
/// Only ``Settings/withStore(for:notify:_:)`` opens one, and closes it.
struct OpenedStore {
    let settings: Settings
    let store: SQLiteStore
    let foundation: Foundation
    let keyring: Keyring
    let masterKey: MasterKey

    /// What a store is opened for.
    enum Use {
        /// By `serve`: made if it is not there, and refused if it is for development and the
        /// process is not.
        case serving
        /// By a command that adds something: made if it is not there.
        case adding
        /// By every other command.
        case looking
        /// By a command that only asks whether `serve` could use it.
        case checking
    }

    /// Something that was done to the store while it was opened.
    struct Notice {
        /// The event in the log.
        let event: String
        /// The line for people.
        let text: String
    }
}
