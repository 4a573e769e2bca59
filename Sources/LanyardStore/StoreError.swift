// SPDX-License-Identifier: Apache-2.0

/// Why a step of the store was not made.
package enum StoreError: Error, Equatable, Sendable {
    // Theirs.

    /// The name or the id is taken.
    case conflict
    /// What was to found the store threw: nothing is written, and the store is as empty as before.
    case notFounded

    // The world's.

    /// The store did not answer in time, has too much to do, was never founded, or is closed.
    ///
    /// A step that was under way when its time ran out may still be made.
    case unavailable
    /// The store cannot be made here: the folder cannot be written.
    case cannotCreate
    /// The store's files may not be read or written by this user.
    case permissionDenied
    /// The disk is full.
    case full
    /// The store's files are not a store, or hold what no step writes.
    case damaged
    /// The store was written by a newer release.
    case newerSchema(found: Int, supported: Int)
}
