// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// How often one may fail to prove who one is.
package struct TryLimits: Equatable, Sendable {
    /// Failures of a pair in a row before the first delay.
    package var freeTries = 5
    /// The first delay; each further failure doubles it.
    package var firstDelay: Duration = .seconds(30)
    /// The longest delay, not less than the first.
    package var longestDelay: Duration = .seconds(15 * 60)
    /// Failures of a network within ``networkWindow``.
    package var networkFailures = 100
    /// Failures of an account within ``accountWindow``.
    package var accountFailures = 100
    /// When a failure of a pair is forgotten.
    package var forgetting: Duration = .seconds(24 * 3_600)

    /// Creates the limits that the settings have by default.
    package init() {}

    /// Over how long the failures of a network are counted.
    package static let networkWindow = Duration.seconds(3_600)

    /// Over how long the failures of an account are counted.
    package static let accountWindow = Duration.seconds(24 * 3_600)

    /// How far ahead another replica's clock may be.
    ///
    /// A failure further in the future was counted before a clock was put back, and would lock out until that is made up for.
    package static let clockTolerance = Duration.seconds(300)

    /// How long a failure is of use to anything.
    package var retention: Duration { max(forgetting, Self.networkWindow, Self.accountWindow) }

    /// The most failures of a pair that make a difference: with these the delay is the longest.
    package var failuresInRow: Int {
        var doublings = 0
        var delay = firstDelay
        while delay < longestDelay {
            delay += delay
            doublings += 1
        }
        return freeTries + doublings
    }

    /// Returns when a pair may try again after so many failures in a row; `nil` if at once.
    package func nextTry(afterFailures count: Int, lastAt last: UnixTime) -> UnixTime? {
        guard count >= freeTries else { return nil }
        var delay = firstDelay
        for _ in freeTries..<min(count, failuresInRow) { delay += delay }
        return last + min(delay, longestDelay)
    }
}
