// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

@Suite struct `Timer wheel` {
    private func expired(_ wheel: inout TimerWheel, at now: UInt64) -> [Int] {
        var slots: [Int] = []
        wheel.turn(to: now, expired: &slots)
        return slots.sorted()
    }

    @Test func `meets a deadline within one tick after it and never before`() {
        for deadline: UInt64 in 1_000...1_050 {
            var wheel = TimerWheel(tick: 20, buckets: 8, now: 1_000)
            wheel.schedule(3, at: deadline)
            var met: UInt64?
            for now in UInt64(1_000)...1_100 where met == nil {
                if expired(&wheel, at: now) == [3] { met = now }
            }
            #expect(met.map { $0 >= deadline && $0 <= max(deadline + 20, 1_020) } == true, "deadline \(deadline)")
        }
    }

    @Test func `moves a deadline further away and nearer`() {
        var wheel = TimerWheel(tick: 10, buckets: 16, now: 0)
        wheel.schedule(0, at: 50)
        wheel.schedule(0, at: 500)
        #expect(expired(&wheel, at: 499) == [])
        wheel.schedule(0, at: 520)
        wheel.schedule(0, at: 510)
        #expect(expired(&wheel, at: 509) == [])
        #expect(expired(&wheel, at: 510) == [0])
        #expect(expired(&wheel, at: 10_000) == [])
    }

    @Test func `keeps deadlines that are many revolutions away`() {
        var wheel = TimerWheel(tick: 10, buckets: 4, now: 0)
        wheel.schedule(7, at: 3_600_000)
        for now in stride(from: UInt64(0), to: 3_600_000, by: 333) {
            #expect(expired(&wheel, at: now) == [])
        }
        #expect(expired(&wheel, at: 3_600_000) == [7])
    }

    @Test func `forgets a deadline that is taken away`() {
        var wheel = TimerWheel(tick: 10, buckets: 8, now: 0)
        for slot in 0..<3 { wheel.schedule(slot, at: 40) }
        wheel.cancel(1)
        wheel.cancel(1)
        wheel.cancel(99)
        #expect(expired(&wheel, at: 60) == [0, 2])
        #expect(wheel.wait(from: 60) == nil)
    }

    @Test func `says how long to wait`() {
        var wheel = TimerWheel(tick: 10, buckets: 64, now: 1_000)
        #expect(wheel.wait(from: 1_000) == nil)
        wheel.schedule(0, at: 1_200)
        wheel.schedule(1, at: 1_100)
        #expect(wheel.wait(from: 1_000) == 100)
        #expect(expired(&wheel, at: 1_100) == [1])
        #expect(wheel.wait(from: 1_100) == 100)
        #expect(wheel.wait(from: 1_300) == 0)
    }

    @Test func `meets everything after a long sleep`() {
        var wheel = TimerWheel(tick: 10, buckets: 8, now: 0)
        for slot in 0..<100 { wheel.schedule(slot, at: UInt64(slot * 7)) }
        #expect(expired(&wheel, at: 1_000_000) == Array(0..<100))
    }

    @Test func `agrees with a plain table under random use`() {
        var generator = Generator(state: 42)
        var wheel = TimerWheel(tick: 7, buckets: 16, now: 0)
        var table: [Int: UInt64] = [:]
        var now: UInt64 = 0
        for _ in 0..<20_000 {
            let slot = Int(generator.next() % 40)
            switch generator.next() % 4 {
            case 0, 1:
                let deadline = now + generator.next() % 400
                wheel.schedule(slot, at: deadline)
                table[slot] = deadline
            case 2:
                wheel.cancel(slot)
                table[slot] = nil
            default:
                now += generator.next() % 60
                for slot in expired(&wheel, at: now) {
                    #expect(table[slot].map { $0 <= now } == true)
                    table[slot] = nil
                }
                #expect(table.values.allSatisfy { $0 + 14 > now }, "late by two ticks or more")
                if let nearest = table.values.min() {
                    #expect(wheel.wait(from: now).map { $0 <= (nearest > now ? nearest - now : 0) + 14 } == true)
                }
            }
        }
    }

    /// SplitMix64, so that each run is the same.
    private struct Generator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }
}
