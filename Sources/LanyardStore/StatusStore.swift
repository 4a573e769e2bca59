// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The part of a store that status lists are in.
package protocol StatusStore: Sendable {
    /// Reads which status lists there are, and how often they and what they show were changed.
    ///
    /// Every step that ends a session sets its bit (``StatusBit/init(of:)``) and raises the version.
    func statusLists() async throws(StoreError) -> StatusLists

    /// Reads up to `limit` bits that are shown at `now`, those after `index`, or the first ones.
    ///
    /// Who reads all of them in several steps has at least those that were there before the first.
    func statusBits(
        after index: StatusIndex?, limit: Int, at now: UnixTime
    ) async throws(StoreError) -> [StatusBit]

    /// Removes up to `limit` bits whose index has rested (``StatusIndex/rest``); returns how many.
    func sweepStatusBits(limit: Int, at now: UnixTime) async throws(StoreError) -> Int

    /// Counts the indices that are taken, and opens, fills and makes lists accordingly (``StatusListUse``).
    ///
    /// Not one step: what is counted may have changed when it is acted upon, by little.
    func tendStatusLists() async throws(StoreError)
}
