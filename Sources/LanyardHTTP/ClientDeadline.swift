// SPDX-License-Identifier: Apache-2.0

/// The moment at which a client gives up, on the monotonic clock.
package struct ClientDeadline {
    private let end: ContinuousClock.Instant

    /// Creates a deadline that much later than now.
    package init(in duration: Duration) {
        end = ContinuousClock.now + duration
    }

    /// What is left, never below zero.
    package var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    var hasPassed: Bool { remaining == .zero }

    /// What is left in milliseconds, rounded up, as `poll` takes it.
    var pollMilliseconds: Int32 {
        let (seconds, attoseconds) = remaining.components
        let milliseconds = min(seconds, 86_400) * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(milliseconds)
    }

    /// Returns the deadline of one of `count` attempts that have to share what is left.
    func share(of count: Int) -> Self { Self(in: remaining / count) }
}
