// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LanyardBase

/// An instant as tokens carry it: seconds since 1970-01-01T00:00:00Z, without leap seconds (RFC 7519 §2).
public struct NumericDate: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z; a fraction is allowed, and exact to the microsecond in our lifetime.
    public let secondsSinceEpoch: Double

    /// Creates an instant from seconds since 1970-01-01T00:00:00Z.
    ///
    /// A value that is no number is before and after nothing: no token is valid at it.
    public init(_ secondsSinceEpoch: Double) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// The instant at which this is read, by the system's clock.
    ///
    /// The only place where this module reads a clock; nothing in it calls this by itself.
    public static var now: Self {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Self(Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000)
    }

    /// Creates an instant from wall time.
    package init(_ time: UnixTime) {
        self.init(Double(time.milliseconds) / 1_000)
    }
}

extension NumericDate: Comparable {
    /// Returns whether `left` is before `right`.
    public static func < (left: Self, right: Self) -> Bool { left.secondsSinceEpoch < right.secondsSinceEpoch }

    /// Returns the instant `duration` later.
    public static func + (date: Self, duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        return Self(date.secondsSinceEpoch + Double(seconds) + Double(attoseconds) / 1e18)
    }
}

extension NumericDate: ExpressibleByIntegerLiteral {
    /// Creates an instant from whole seconds since 1970-01-01T00:00:00Z.
    public init(integerLiteral value: Int64) { self.init(Double(value)) }
}
