// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardCore

/// The two clocks of a process, moved by the test.
package final class SimulatedClock: Sendable {
    private let moment: Guarded<KeyMoment>

    package init(wall: UnixTime) {
        moment = Guarded(KeyMoment(wall: wall, running: .now))
    }

    package var now: KeyMoment { moment.withLock { $0 } }

    package func advance(by duration: Duration) {
        moment.withLock { $0 = KeyMoment(wall: $0.wall + duration, running: $0.running + duration) }
    }

    package func step(by duration: Duration) { moment.withLock { $0.wall = $0.wall + duration } }
}
