// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardAPI
import LanyardBase
import LanyardCore
import LanyardHTTP
import Testing

@Suite struct `A fault of the HTTP engine` {
    @Test func `is logged as internal, with its reason and the request`() {
        let recorder = LogRecorder()
        let events = EventLog(recorder.logger, now: { UnixTime(seconds: 0) })
        let id = RequestID(high: 1, low: 2)
        events.record(.unwritableResponse(.fieldValue(name: "X")), of: id)
        events.record(.completedTwice, of: nil)
        let lines = recorder.take()
        #expect(lines.map { $0["event"] } == ["internal", "internal"])
        #expect(lines.map { $0["level"] } == ["critical", "critical"])
        #expect(lines.map { $0["request_id"] } == ["\(id)", nil])
        #expect(lines[0]["reason"]?.contains("X") ?? false)
        #expect(lines[1]["reason"] == "completedTwice")
    }
}
