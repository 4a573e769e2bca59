// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The status lists that this process serves now; a ``StatusKeeper`` replaces them.
package final class LiveStatusLists: Sendable {
    /// By their numbers; `nil` while none were ever built.
    private let lists = Replaceable<[Int64: SignedStatusList]?>(nil)
    private let observer = Guarded(Observer())

    private struct Observer {
        var notice: (@Sendable ([Int64: SignedStatusList]) -> Void)?
    }

    /// When the lists were last known to show what the store holds.
    package let freshness: Freshness

    /// Creates lists that were not built yet.
    ///
    /// - Parameter running: The clock that nobody sets.
    package init(running: @escaping @Sendable () -> ContinuousClock.Instant) {
        freshness = Freshness(limit: Self.staleness, isRead: false, running: running)
    }

    /// The lists now; `nil` while none were ever built.
    package var current: [Int64: SignedStatusList]? { lists.current }

    /// Puts other lists in the place of those before.
    func replace(with lists: [Int64: SignedStatusList]) {
        self.lists.replace(with: lists)
        observer.withLock { $0 }.notice?(lists)
    }

    /// Registers a callback that runs on the thread that has replaced the lists, before anybody relies on them.
    package func whenReplaced(_ notice: @escaping @Sendable ([Int64: SignedStatusList]) -> Void) {
        observer.withLock {
            precondition($0.notice == nil, "there is a callback already")
            $0.notice = notice
        }
    }

    /// How old a list may be for requests: a keeper looks each second.
    private static let staleness = Duration.seconds(3)
}
