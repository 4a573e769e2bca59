// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// The keys that this process works with now.
///
/// Each event loop keeps a copy (``LoopKeys``); they are replaced when the store's keys change.
package final class LiveKeys: Sendable {
    let snapshot: Replaceable<KeySnapshot>
    /// The clock that nobody sets.
    package let running: @Sendable () -> ContinuousClock.Instant
    /// When the keys were last known to be those of the store.
    package let freshness: Freshness
    private let observer = Guarded(Observer())

    private struct Observer {
        var notice: (@Sendable () -> Void)?
    }

    /// Creates the keys of a process that has read them now.
    ///
    /// - Parameters:
    ///   - keyring: The keys.
    ///   - running: The clock that nobody sets.
    package init(_ keyring: Keyring, running: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.running = running
        freshness = Freshness(limit: KeyPolicy.staleness, isRead: true, running: running)
        snapshot = Replaceable(KeySnapshot(keyring, makingRefreshTokensWith: nil))
    }

    /// The keys now, for whoever has no copy of its own.
    package var current: KeySnapshot { snapshot.current }

    /// Whether the keys were read so lately that every other replica still publishes what this one signs with.
    package var isFresh: Bool { freshness.isFresh }

    /// Makes sure that the keys were read recently enough to rely on, and waits for that if they were not.
    ///
    /// - Throws: ``StaleKeys`` if they cannot be read.
    package func requireFresh() async throws(StaleKeys) {
        if isFresh { return }
        guard await freshness.wait() else { throw StaleKeys() }
    }

    /// Puts other keys in the place of those before.
    func replace(with keyring: Keyring, makingRefreshTokensWith secret: KeyID?) {
        snapshot.replace(with: KeySnapshot(keyring, makingRefreshTokensWith: secret))
        observer.withLock { $0 }.notice?()
    }

    /// Has `notice` called whenever the keys were replaced, by who did it; it must not take long.
    func whenReplaced(_ notice: @escaping @Sendable () -> Void) {
        observer.withLock {
            precondition($0.notice == nil, "somebody else is told already")
            $0.notice = notice
        }
    }

    /// Says that the keys were those of the store at `instant`.
    func confirm(readAt instant: ContinuousClock.Instant) { freshness.confirm(readAt: instant) }
}
