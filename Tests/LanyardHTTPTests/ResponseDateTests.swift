// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardHTTP
import Testing

@Suite struct `Response date` {
    struct Instant: CustomTestStringConvertible, Sendable {
        let seconds: Int64, text: String
        var testDescription: String { text }
    }

    /// The first is the example of RFC 9110 §5.6.7; the others were computed with GNU date.
    static let instants = [
        Instant(seconds: 784_111_777, text: "Sun, 06 Nov 1994 08:49:37 GMT"),
        Instant(seconds: 0, text: "Thu, 01 Jan 1970 00:00:00 GMT"),
        Instant(seconds: -1, text: "Wed, 31 Dec 1969 23:59:59 GMT"),
        Instant(seconds: 951_782_400, text: "Tue, 29 Feb 2000 00:00:00 GMT"),
        Instant(seconds: 1_785_628_799, text: "Sat, 01 Aug 2026 23:59:59 GMT"),
        Instant(seconds: 4_107_542_400, text: "Mon, 01 Mar 2100 00:00:00 GMT"),
        Instant(seconds: 253_402_300_799, text: "Fri, 31 Dec 9999 23:59:59 GMT"),
        Instant(seconds: 253_402_300_800, text: "Sat, 01 Jan 9999 00:00:00 GMT"),
    ]

    private func text(of line: DateLine) -> String {
        var output: [UInt8] = []
        ResponseEncoder.encode(
            Response(status: 204), as: AnswerForm(), id: RequestID(high: 0, low: 0), date: line, into: &output)
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\r\n")
        return lines.first { $0.hasPrefix("Date: ") }.map { String($0.dropFirst(6)) } ?? ""
    }

    @Test(arguments: instants)
    func `is an IMF-fixdate`(instant: Instant) {
        #expect(text(of: DateLine(UnixTime(seconds: instant.seconds))) == instant.text)
    }

    @Test func `is that of its second`() {
        let line = DateLine(UnixTime(milliseconds: 784_111_777_999))
        #expect(line.second == 784_111_777)
        #expect(line == DateLine(UnixTime(milliseconds: 784_111_777_000)))
        #expect(line != DateLine(UnixTime(milliseconds: 784_111_778_000)))
    }
}
