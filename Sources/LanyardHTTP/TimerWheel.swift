// SPDX-License-Identifier: Apache-2.0

/// One deadline for each slot of a table, kept so that moving a deadline further away costs nothing.
///
/// A hashed wheel: a bucket for each tick of one revolution. An entry stays in the bucket it was put into while its
/// deadline moves away, and is put right when the wheel comes by. Deadlines are met up to one tick late, never early.
package struct TimerWheel {
    private struct Entry {
        var deadline: UInt64 = 0
        /// The tick whose bucket holds the entry; 0 while it is in none.
        var tick: UInt64 = 0
        var next = TimerWheel.none
        var previous = TimerWheel.none
    }

    private static let none: Int32 = -1

    private let tickMilliseconds: UInt64
    private var buckets: [Int32]
    private var entries: [Entry] = []
    private var count = 0
    /// Every bucket up to this tick has been emptied.
    private var cursor: UInt64
    /// No entry is in a bucket of an earlier tick.
    private var earliest = UInt64.max

    /// Creates a wheel that stands at `now`.
    ///
    /// - Parameters:
    ///   - tick: Milliseconds a bucket, at least 1.
    ///   - buckets: Buckets a revolution, at least 2.
    ///   - now: Milliseconds of a monotonic clock.
    package init(tick: UInt64, buckets: Int, now: UInt64) {
        precondition(tick >= 1 && buckets >= 2, "a wheel turns")
        tickMilliseconds = tick
        self.buckets = Array(repeating: Self.none, count: buckets)
        cursor = now / tick
    }

    /// Gives `slot` a deadline, in milliseconds of the clock, in place of the one it may have.
    package mutating func schedule(_ slot: Int, at deadline: UInt64) {
        while entries.count <= slot { entries.append(Entry()) }
        entries[slot].deadline = deadline
        let tick = tick(for: deadline)
        let current = entries[slot].tick
        if current != 0 {
            guard tick < current else { return }
            unlink(slot)
        }
        link(slot, at: tick)
    }

    /// Takes the deadline of `slot` away, if it has one.
    package mutating func cancel(_ slot: Int) {
        guard slot < entries.count, entries[slot].tick != 0 else { return }
        unlink(slot)
    }

    /// Appends to `expired` the slots whose deadline has come; they have none from then on.
    package mutating func turn(to now: UInt64, expired: inout [Int]) {
        let present = now / tickMilliseconds
        guard present >= earliest else {
            cursor = max(cursor, present)
            return
        }
        // After a long sleep each bucket is met once.
        var tick = max(earliest, cursor + 1)
        if present - tick >= UInt64(buckets.count) { tick = present - UInt64(buckets.count) + 1 }
        cursor = present
        while tick <= present {
            emptyBucket(Int(tick % UInt64(buckets.count)), at: now, expired: &expired)
            tick += 1
        }
        findEarliest()
    }

    /// How many milliseconds after `now` the wheel wants to be turned, or `nil` if there is no deadline.
    package func wait(from now: UInt64) -> UInt64? {
        guard count > 0 else { return nil }
        let instant = earliest * tickMilliseconds
        return instant > now ? instant - now : 0
    }

    /// The tick whose bucket takes an entry: the first at or after the deadline, within one revolution.
    private func tick(for deadline: UInt64) -> UInt64 {
        let due = deadline / tickMilliseconds + (deadline % tickMilliseconds == 0 ? 0 : 1)
        return min(max(due, cursor + 1), cursor + UInt64(buckets.count) - 1)
    }

    private mutating func emptyBucket(_ bucket: Int, at now: UInt64, expired: inout [Int]) {
        var slot = buckets[bucket]
        while slot != Self.none {
            let index = Int(slot)
            slot = entries[index].next
            guard entries[index].tick <= cursor else { continue }
            unlink(index)
            if entries[index].deadline <= now {
                expired.append(index)
            } else {
                link(index, at: tick(for: entries[index].deadline))
            }
        }
    }

    private mutating func link(_ slot: Int, at tick: UInt64) {
        let bucket = Int(tick % UInt64(buckets.count))
        let next = buckets[bucket]
        entries[slot].tick = tick
        entries[slot].next = next
        entries[slot].previous = Self.none
        if next != Self.none { entries[Int(next)].previous = Int32(slot) }
        buckets[bucket] = Int32(slot)
        count += 1
        earliest = min(earliest, tick)
    }

    private mutating func unlink(_ slot: Int) {
        let entry = entries[slot]
        if entry.previous == Self.none {
            buckets[Int(entry.tick % UInt64(buckets.count))] = entry.next
        } else {
            entries[Int(entry.previous)].next = entry.next
        }
        if entry.next != Self.none { entries[Int(entry.next)].previous = entry.previous }
        entries[slot].tick = 0
        count -= 1
    }

    private mutating func findEarliest() {
        earliest = .max
        guard count > 0 else { return }
        for tick in (cursor + 1)...(cursor + UInt64(buckets.count))
        where buckets[Int(tick % UInt64(buckets.count))] != Self.none {
            earliest = tick
            return
        }
    }
}
