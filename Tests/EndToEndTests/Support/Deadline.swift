// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// The last moment that a test waits for something.
///
/// Every wait in this folder has one. It is generous, because it says that something hangs and never that something is slow.
struct Deadline: Sendable {
    private let instant: ContinuousClock.Instant

    private init(_ instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    /// A deadline `duration` from now.
    static func after(_ duration: Duration) -> Self {
        Self(.now + duration)
    }

    /// The deadline of everything that has no reason for another one.
    static var usual: Self { .after(.seconds(60)) }

    /// Whether there is no time left.
    var isOver: Bool { .now >= instant }

    /// What is left, in milliseconds for `poll(2)`; 0 when it is over.
    var milliseconds: Int32 {
        let left = ContinuousClock.Instant.now.duration(to: instant)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Asks again and again, for something that tells nobody when it changes, until the answer is yes or time is up.
    func poll(_ isDone: () throws -> Bool) rethrows {
        while try !isDone(), !isOver { usleep(20_000) }
    }

    /// The same moment for the waiting functions of Dispatch.
    var dispatchTime: DispatchTime {
        .now() + .milliseconds(Int(milliseconds))
    }
}
