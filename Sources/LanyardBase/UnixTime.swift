// SPDX-License-Identifier: Apache-2.0

/// An instant of wall time, in whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Only the program reads the clock; everything else is handed an instant, so that tests own the time.
package struct UnixTime: Hashable, Sendable {
    /// Milliseconds since the epoch; negative before it.
    package let milliseconds: Int64

    /// Creates an instant from milliseconds since the epoch.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Creates an instant from whole seconds since the epoch, at the nearest instant that can be held.
    package init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        milliseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// Whole seconds since the epoch, rounded down: the NumericDate of RFC 7519 §2.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
    }

    /// Returns the instant `duration` later, at the nearest instant that can be held.
    package static func + (time: Self, duration: Duration) -> Self {
        let (sum, overflow) = time.milliseconds.addingReportingOverflow(duration.milliseconds)
        guard overflow else { return Self(milliseconds: sum) }
        return Self(milliseconds: duration < .zero ? .min : .max)
    }

    /// Returns the instant `duration` earlier, at the nearest instant that can be held.
    package static func - (time: Self, duration: Duration) -> Self {
        time + (.zero - duration)
    }

    /// Returns how long after `earlier` this instant is; negative if it is before it.
    package func since(_ earlier: Self) -> Duration {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return .milliseconds(overflow ? (milliseconds < earlier.milliseconds ? .min : .max) : difference)
    }
}

extension UnixTime: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension Duration {
    /// The duration in whole milliseconds, rounded towards zero, at the nearest number that can be held.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }

    /// The duration in whole seconds, rounded towards zero.
    package var wholeSeconds: Int64 { components.seconds }
}
