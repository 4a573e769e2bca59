// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardCore
import LanyardHTTP
import Logging
import Testing

@Suite struct `The budget of refusals in the log` {
    private static let start = UnixTime(seconds: 1_000)

    private func address(_ number: UInt32) -> PeerAddress { .ip(.version4(0x0A00_0000 + number)) }

    @Test func `is one for each network and event`() {
        let budget = RefusalBudget(linesPerMinute: 2, capacity: 100)
        func admit(_ event: String, _ number: UInt32, at seconds: Int = 0) -> Bool {
            budget.admit(event, from: address(number), level: .info, at: Self.start + .seconds(seconds)).isAdmitted
        }
        #expect([admit("a", 1), admit("a", 2), admit("a", 3)] == [true, true, false], "one /24")
        #expect(admit("b", 1) && admit("a", 256))
        #expect(!admit("a", 1, at: 59))
        #expect(budget.summaries(at: Self.start + .seconds(59)).isEmpty)
        let due = budget.summaries(at: Self.start + .seconds(60))
        #expect(due.map(\.count) == [2])
        #expect(due.first?.key == RefusalBudget.Key(event: "a", network: "10.0.0.0/24"))
        #expect(admit("a", 1, at: 60))
    }

    @Test func `has a bound, beyond which networks share it`() {
        let budget = RefusalBudget(linesPerMinute: 2, capacity: 3)
        var admitted = 0
        for number in 0..<100 {
            let isAdmitted = budget.admit("a", from: address(UInt32(number) * 256), level: .info, at: Self.start)
                .isAdmitted
            admitted += isAdmitted ? 1 : 0
        }
        #expect(admitted == 5, "three networks, and two lines of all others")
        #expect(budget.summaries(at: Self.start, isLast: true).map(\.key.network) == ["others"])
    }

    @Test func `begins again when the clock is set back`() {
        let budget = RefusalBudget(linesPerMinute: 1, capacity: 3)
        _ = budget.admit("a", from: address(1), level: .info, at: Self.start)
        _ = budget.admit("a", from: address(1), level: .warning, at: Self.start)
        let (isAdmitted, due) = budget.admit("a", from: address(1), level: .info, at: UnixTime(seconds: 10))
        #expect(isAdmitted && due.map(\.count) == [1] && due.first?.level == .warning)
    }
}
