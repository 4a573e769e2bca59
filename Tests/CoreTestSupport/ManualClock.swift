// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A clock that stands still until a test moves it.
package final class ManualClock: Sendable {
    private let instant: Guarded<UnixTime>

    package init(_ instant: UnixTime) {
        self.instant = Guarded(instant)
    }

    package var now: UnixTime { instant.withLock { $0 } }

    package func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
}
