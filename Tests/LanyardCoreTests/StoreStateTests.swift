// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardCore
import Testing

@Suite struct `A store that comes and goes` {
    @Test func `is logged once for each change, whichever use of it fails`() {
        let log = LogRecorder()
        let events = EventLog(log.logger, now: { UnixTime(seconds: 0) })
        events.recordTry(of: .reading, failing: nil)
        #expect(log.take().isEmpty, "it was never away")
        events.recordTry(of: .reading, failing: "unavailable")
        events.recordTry(of: .reading, failing: "unavailable")
        events.recordTry(of: .writing, failing: "full")
        #expect(log.take().map { [$0["event"], $0["reason"]] } == [["store_away", "unavailable"]])
        events.recordTry(of: .reading, failing: nil)
        #expect(log.take().isEmpty, "it still cannot be written")
        events.recordTry(of: .writing, failing: nil)
        events.recordTry(of: .writing, failing: nil)
        #expect(log.take().map { $0["event"] } == ["store_back"])
    }
}
