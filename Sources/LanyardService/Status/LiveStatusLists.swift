// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The status lists that this process serves now; a ``StatusKeeper`` replaces them.
package final class LiveStatusLists: Sendable {
    /// By their numbers; `nil` while none were ever built.
    let lists = Replaceable<[Int64: SignedStatusList]?>(nil)

    /// When the lists were last known to show what the store holds.
    let freshness: Freshness

    /// Creates lists that were not built yet.
    ///
    /// - Parameter running: The clock that nobody sets.
    package init(running: @escaping @Sendable () -> ContinuousClock.Instant) {
        freshness = Freshness(limit: Self.staleness, isRead: false, running: running)
    }

    /// How old a list may be for requests: a keeper looks each second.
    private static let staleness = Duration.seconds(3)
}
