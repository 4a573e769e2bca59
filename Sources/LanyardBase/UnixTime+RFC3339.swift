// SPDX-License-Identifier: Apache-2.0

extension UnixTime {
    /// The instant in UTC, to the second: `2026-01-02T03:04:05Z` (RFC 3339 §5.6).
    package var rfc3339: String {
        let parts = CivilTime(self)
        return "\(parts.date)T\(parts.clock)Z"
    }

    /// The instant in UTC, to the millisecond: `2026-01-02T03:04:05.678Z` (RFC 3339 §5.6).
    package var rfc3339Milliseconds: String {
        let parts = CivilTime(self)
        return "\(parts.date)T\(parts.clock).\(padded(parts.millisecond, 3))Z"
    }
}

/// A moment's place in the Gregorian calendar and on the clock, in UTC.
package struct CivilTime: Equatable, Sendable {
    /// The year, proleptic, 1 BC being 0.
    package let year: Int64
    /// The month, 1 to 12.
    package let month: Int64
    /// The day of the month, 1 to 31.
    package let day: Int64
    /// The day of the week, 0 for Sunday to 6.
    package let weekday: Int
    /// The hour, 0 to 23.
    package let hour: Int64
    /// The minute, 0 to 59.
    package let minute: Int64
    /// The second, 0 to 59.
    package let second: Int64
    /// The millisecond, 0 to 999.
    package let millisecond: Int64

    /// Creates the parts of `time`.
    ///
    /// Source: days to civil date by eras of 400 years, each starting on 1 March, so that the leap day is the last.
    package init(_ time: UnixTime) {
        let daySeconds: Int64 = 86_400
        let days = time.seconds.floorDivided(by: daySeconds)
        let secondOfDay = time.seconds - days * daySeconds
        millisecond = time.milliseconds - time.milliseconds.floorDivided(by: 1_000) * 1_000
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        weekday = Int((days + 4) - (days + 4).floorDivided(by: 7) * 7)

        let shifted = days + 719_468  // Days since 0000-03-01.
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    fileprivate var date: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
    fileprivate var clock: String { "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))" }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number.magnitude)
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
