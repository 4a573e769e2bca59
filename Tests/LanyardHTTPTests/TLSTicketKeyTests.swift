// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

@Suite struct `The keys of session tickets` {
    private let start = ContinuousClock.now

    @Test func `are exchanged each hour, and open tickets for another`() throws {
        var ring = TLSTicketKeyRing()
        let made = ring.newest(at: start)
        let first = try #require(made)
        #expect(ring.newest(at: start + .seconds(3_599))?.name == first.name)
        #expect(ring.key(named: first.name, at: start + .seconds(3_599))?.isNewest == true)
        let next = ring.newest(at: start + .seconds(3_600))
        let second = try #require(next)
        #expect(second.name != first.name)
        #expect(ring.key(named: first.name, at: start + .seconds(7_199))?.isNewest == false)
        #expect(ring.key(named: first.name, at: start + .seconds(7_200)) == nil)
        #expect(ring.key(named: second.name, at: start + .seconds(3_700))?.isNewest == true)
    }

    @Test func `are two at most`() {
        var ring = TLSTicketKeyRing()
        let names = (0..<5).compactMap { ring.newest(at: start + .seconds(3_600 * $0))?.name }
        #expect(Set(names).count == 5)
        let now = start + .seconds(3_600 * 4)
        #expect(names.map { ring.key(named: $0, at: now) != nil } == [false, false, false, true, true])
    }

    @Test func `are over in time when nobody asked for a new one`() throws {
        var ring = TLSTicketKeyRing()
        let made = ring.newest(at: start)
        let first = try #require(made)
        #expect(ring.key(named: first.name, at: start + .seconds(5_000))?.isNewest == false)
        // A key made late does not lengthen the life of the one before.
        _ = ring.newest(at: start + .seconds(7_000))
        #expect(ring.key(named: first.name, at: start + .seconds(7_199)) != nil)
        #expect(ring.key(named: first.name, at: start + .seconds(7_200)) == nil)
        #expect(ring.key(named: [UInt8](repeating: 0, count: 16), at: start) == nil)
    }
}
