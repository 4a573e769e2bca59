// SPDX-License-Identifier: Apache-2.0

import LanyardPasswords
import TestSupport
import Testing

@Suite struct `Closing the password lanes` {
    static func lanes(_ derivation: CountedDerivation) throws -> PasswordLanes {
        try PasswordLanes(.init(laneCount: 1, queueCapacity: 4), random: countingBytes(), derive: derivation.function)
    }

    @Test func `refuses what waits, says when what runs is not done in time, and then finishes it`() throws {
        let derivation = CountedDerivation(isHeld: true)
        let lanes = try Self.lanes(derivation)
        let running = PasswordLanes.Verdicts(), waiting = PasswordLanes.Verdicts()
        #expect(lanes.ask(.known, tell: running) == .accepted)
        #expect(derivation.waitUntilBegun(1))
        #expect(lanes.ask(.known, tell: waiting) == .accepted)
        #expect(lanes.ask(.stranger, tell: waiting) == .accepted)

        #expect(!lanes.close(within: .milliseconds(1)))
        #expect(waiting.all == [.failure(.closed), .failure(.closed)])
        #expect(running.all.isEmpty)
        #expect(lanes.ask(.known, tell: waiting) == .closed)

        derivation.letGo(1)
        #expect(lanes.close(within: .seconds(20)))
        #expect(running.all == [.success(.wrong)])
        #expect(waiting.all.count == 2)
        #expect(derivation.runs.count == 1)
        #expect(lanes.load == LaneLoad(busyLanes: 0, waitingKnown: 0, waitingStrangers: 0))
    }

    @Test func `is quick when nothing runs`() throws {
        let lanes = try Self.lanes(CountedDerivation())
        #expect(lanes.close(within: .seconds(20)))
        #expect(lanes.ask(.known, tell: PasswordLanes.Verdicts()) == .closed)
    }

    @Test func `happens by itself when nobody holds them any more`() throws {
        let derivation = CountedDerivation(isHeld: true)
        let answers = PasswordLanes.Verdicts()
        weak var gone: PasswordLanes?
        do {
            let lanes = try Self.lanes(derivation)
            gone = lanes
            #expect(lanes.ask(.known, tell: answers) == .accepted)
            #expect(lanes.ask(.known, tell: answers) == .accepted)
        }
        // Those who wait hold them.
        #expect(gone != nil)
        derivation.letGo(2)
        #expect(answers.wait(for: 2))
        #expect(answers.all == [.success(.wrong), .success(.wrong)])
        #expect(eventually { gone == nil })
    }
}
