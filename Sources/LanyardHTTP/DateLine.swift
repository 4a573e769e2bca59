// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The `Date` line of one second, made once and copied into every answer of that second.
package struct DateLine: Equatable, Sendable {
    /// Seconds since the epoch; the line is to be made anew when the clock shows another.
    package let second: Int64
    /// `Date: Sun, 06 Nov 1994 08:49:37 GMT` and CRLF.
    let bytes: [UInt8]

    /// Creates the line for `now`, in the form of IMF-fixdate.
    ///
    /// The form has four digits for the year, so instants outside 0000 to 9999 are given the nearest year.
    ///
    /// Source: RFC 9110 §5.6.7 and §6.6.1.
    package init(_ now: UnixTime) {
        second = now.seconds
        let time = CivilTime(now)
        var line = Array("Date: ".utf8)
        line.reserveCapacity(37)
        line.append(contentsOf: Self.weekdays[time.weekday].utf8)
        line.append(contentsOf: ", ".utf8)
        line.append(digits: time.day, width: 2)
        line.append(.space)
        line.append(contentsOf: Self.months[Int(time.month) - 1].utf8)
        line.append(.space)
        line.append(digits: min(max(time.year, 0), 9_999), width: 4)
        line.append(.space)
        line.append(digits: time.hour, width: 2)
        line.append(UInt8(ascii: ":"))
        line.append(digits: time.minute, width: 2)
        line.append(UInt8(ascii: ":"))
        line.append(digits: time.second, width: 2)
        line.append(contentsOf: " GMT\r\n".utf8)
        bytes = line
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

extension [UInt8] {
    fileprivate mutating func append(digits number: Int64, width: Int) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}
