// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite struct `Unix time` {
    struct Instant: CustomTestStringConvertible, Sendable {
        let milliseconds: Int64, text: String
        var testDescription: String { text }
    }

    /// Computed with GNU date: `date -u -d @SECONDS +%FT%T`.
    static let instants = [
        Instant(milliseconds: 0, text: "1970-01-01T00:00:00.000Z"),
        Instant(milliseconds: -1, text: "1969-12-31T23:59:59.999Z"),
        Instant(milliseconds: 951_782_400_000, text: "2000-02-29T00:00:00.000Z"),
        Instant(milliseconds: 951_868_799_999, text: "2000-02-29T23:59:59.999Z"),
        Instant(milliseconds: 1_767_323_045_678, text: "2026-01-02T03:04:05.678Z"),
        Instant(milliseconds: 4_107_542_400_000, text: "2100-03-01T00:00:00.000Z"),
        Instant(milliseconds: 253_402_300_799_000, text: "9999-12-31T23:59:59.000Z"),
    ]

    @Test(arguments: instants)
    func `prints as RFC 3339 in UTC`(instant: Instant) {
        #expect(UnixTime(milliseconds: instant.milliseconds).rfc3339Milliseconds == instant.text)
        #expect(UnixTime(milliseconds: instant.milliseconds).rfc3339 == instant.text.prefix(19) + "Z")
    }

    @Test func `knows the day of the week`() {
        #expect(CivilTime(UnixTime(seconds: 0)).weekday == 4)
        #expect(CivilTime(UnixTime(seconds: 784_111_777)).weekday == 0)  // RFC 9110 §5.6.7: Sun, 06 Nov 1994.
        #expect(CivilTime(UnixTime(seconds: -86_400)).weekday == 3)
    }

    @Test func `rounds seconds down, also before the epoch`() {
        #expect(UnixTime(milliseconds: 1_999).seconds == 1)
        #expect(UnixTime(milliseconds: -1).seconds == -1)
        #expect(UnixTime(milliseconds: -1_000).seconds == -1)
    }

    @Test func `stops at its bounds instead of trapping`() {
        #expect(UnixTime(seconds: .max).milliseconds == .max)
        #expect((UnixTime(milliseconds: .max) + .seconds(1)).milliseconds == .max)
        #expect((UnixTime(milliseconds: .min) - .seconds(1)).milliseconds == .min)
        #expect(UnixTime(milliseconds: .min).since(UnixTime(milliseconds: 1)).milliseconds == .min)
    }
}
