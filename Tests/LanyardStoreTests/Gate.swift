// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardStore
import LanyardStoreSQLite
import TestSupport

/// A step of a store that stays in its transaction until it is let go.
final class Gate: Sendable {
    private let reached = AsyncStream<Void>.makeStream()
    private let isOpen = DispatchSemaphore(value: 0)

    /// Occupies the writer of `store`, and with it the write lock of the file; returns when it does.
    func occupy(_ store: SQLiteStore) async {
        begin { try await store.write { _ in self.wait() } }
        await isReached()
    }

    /// Waits in a step, a minute at most.
    func wait() {
        reached.continuation.yield()
        _ = isOpen.wait(timeout: .now() + .seconds(60))
    }

    /// Returns when the step has begun.
    func isReached() async {
        for await _ in reached.stream { return }
    }

    /// Lets the step go on.
    func open() { isOpen.signal() }
}
