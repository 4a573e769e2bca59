// SPDX-License-Identifier: Apache-2.0

import LanyardHTTP
import Testing

@Suite struct `The list of idle connections` {
    /// The same as a list in which everything is looked for.
    private struct Model {
        var entries: [(slot: Int, kind: IdleList.Kind, since: UInt64)] = []

        func slots(_ kind: IdleList.Kind) -> [Int] { entries.filter { $0.kind == kind }.map(\.slot) }
    }

    private func slots(_ list: IdleList, _ kind: IdleList.Kind) -> [Int] {
        var slots: [Int] = []
        var next = list.first(kind)
        while let (slot, _) = next {
            slots.append(slot)
            next = list.next(after: slot)
        }
        return slots
    }

    @Test(arguments: 0..<20)
    func `keeps each kind from the longest idle to the latest`(seed: Int) {
        var generator = NameSeededGenerator(seed: "idle list \(seed)")
        var list = IdleList()
        var model = Model()
        for instant: UInt64 in 0..<500 {
            let slot = Int.random(in: 0..<12, using: &generator)
            let kind = IdleList.Kind.allCases[Int.random(in: 0..<3, using: &generator)]
            model.entries.removeAll { $0.slot == slot }
            if Bool.random(using: &generator) {
                list.append(slot, as: kind, since: instant)
                model.entries.append((slot, kind, instant))
            } else {
                list.remove(slot)
            }
            for kind in IdleList.Kind.allCases {
                #expect(slots(list, kind) == model.slots(kind))
                #expect(list.first(kind)?.since == model.entries.first { $0.kind == kind }?.since)
            }
            #expect(list.kind(of: slot) == model.entries.first { $0.slot == slot }?.kind)
        }
    }

    @Test func `knows nothing of slots that it never had`() {
        var list = IdleList()
        list.remove(7)
        #expect(list.kind(of: 7) == nil)
        #expect(list.first(.silent) == nil)
    }
}
