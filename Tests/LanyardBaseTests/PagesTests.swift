// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import Testing

@Suite struct `A list that is read a page at a time` {
    @Test(arguments: [
        (0, [], 1), (1, [1], 1), (2, [2], 1), (3, [3], 2), (4, [3, 1], 2), (6, [3, 3], 3), (7, [3, 3, 1], 3),
    ])
    func `has all elements once and no empty page`(count: Int, lengths: [Int], reads: Int) async {
        let calls = Guarded(0)
        var pages = Pages<Int, Never>(length: 3) { (last, limit) async in
            calls.withLock { $0 += 1 }
            return Array((0..<count).dropFirst(last.map { $0 + 1 } ?? 0).prefix(limit))
        }
        var read: [[Int]] = []
        while let page = await pages.next() { read.append(page) }
        #expect(read.map(\.count) == lengths)
        #expect(read.flatMap(\.self) == Array(0..<count))
        #expect(await pages.next() == nil, "and stays over")
        #expect(calls.withLock { $0 } == reads)
    }

    @Test func `throws what reading fails with`() async {
        struct Unreadable: Error, Equatable {}
        var pages = Pages<Int, Unreadable> { (_, _) async throws(Unreadable) in throw Unreadable() }
        await #expect(throws: Unreadable()) { try await pages.next() }
    }
}
