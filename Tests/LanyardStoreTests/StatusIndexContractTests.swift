// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: indices of status lists` {
    static let lifetimes = Fixture.lifetimes

    static func founded(
        _ kind: StoreKind, _ drawing: StatusDrawing, _ body: (any Store) async throws -> Void
    ) async throws {
        try await withStore(kind, drawing) { store in
            try await store.add(Fixture.account())
            try await store.raiseLongestAccessLifetime(to: .seconds(60))
            try await body(store)
        }
    }

    static func sweep(_ store: any Store, at now: UnixTime) async throws -> Int {
        try await store.sweepSessions(lifetimes: lifetimes, limit: 99, at: now).count
    }

    static func sweepBits(_ store: any Store, limit: Int = 99, at now: UnixTime) async throws -> Int {
        try await store.sweepStatusBits(limit: limit, at: now)
    }

    @Test(arguments: StoreKind.allCases)
    func `are drawn in the first list, and stay with their session`(kind: StoreKind) async throws {
        try await Self.founded(kind, ScriptedDraw.lists([7, 999, 0])) { store in
            #expect(try await store.listNumbers() == [1])
            for (id, index) in [("a", 7), ("b", 999), ("c", 0)] as [(SessionID, Int64)] {
                let status = try await store.place(id, at: Fixture.start)
                #expect(status == StatusIndex(list: 1, index: index))
                let advanced = try await store.advanced(Fixture.advance(1, of: id), at: Fixture.start + .seconds(20))
                #expect(advanced.session?.status == status)
                #expect(try await store.session(id: id)?.session.status == status)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are drawn by nobody's plan, and over the whole list`(kind: StoreKind) async throws {
        try await Self.founded(kind, StatusDrawing(listSize: 1 << 20)) { store in
            var indices: [Int64] = []
            for id in 0..<64 { indices.append(try await store.place("\(id)", at: Fixture.start).index) }
            #expect(Set(indices).count == 64)
            #expect(indices != indices.sorted())
            // Each of these fails once in 2^64 times.
            #expect(indices.contains { $0 >= 1 << 19 } && indices.contains { $0 < 1 << 19 })
            #expect(indices.allSatisfy { 0..<(1 << 20) ~= $0 })
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are not given out while a session or a bit has them`(kind: StoreKind) async throws {
        try await Self.founded(kind, ScriptedDraw.lists([5, 5, 6, 5, 6, 7, 5, 6])) { store in
            #expect(try await store.place("live", at: Fixture.start).index == 5)
            #expect(try await store.place("ended", at: Fixture.start).index == 6)
            try await store.end("ended", at: Fixture.start)
            #expect(try await store.place("third", at: Fixture.start).index == 7)

            // The session that was ended goes; its bit stays.
            let swept = Fixture.start + .seconds(10 + 60 + 60)
            #expect(try await Self.sweep(store, at: swept - .milliseconds(1)) == 0)
            #expect(try await Self.sweep(store, at: swept) == 1)
            let until = try #require(try await store.shown(at: swept).first).until
            #expect(until == Fixture.start + .seconds(10 + 60 + 600))
            #expect(try await Self.sweepBits(store, at: until) == 0)
            let rested = until + StatusIndex.rest
            #expect(StatusIndex.rest >= .seconds(36_000), "the longest life of a signed list")
            #expect(try await Self.sweepBits(store, at: rested - .milliseconds(1)) == 0)
            // 5 and 6 are drawn and refused again and again, and the list taken for full.
            #expect(try await store.place("fourth", at: Fixture.start).list == 2)
            #expect(try await Self.sweepBits(store, at: rested) == 1)
            #expect(try await Self.sweepBits(store, at: rested) == 0)
            try await store.tendStatusLists()
            #expect(try await store.place("fifth", at: Fixture.start) == StatusIndex(list: 1, index: 6))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `stay with a session for as long as a verifier may accept its tokens`(kind: StoreKind) async throws {
        try await Self.founded(kind, ScriptedDraw.lists([1])) { store in
            let session = try await store.opened(Fixture.opening(hasStatus: true), at: Fixture.start)
            let idle = Fixture.start + Fixture.lifetimes.idle
            #expect(session.tokensUntil < idle)
            #expect(try await Self.sweep(store, at: idle - .milliseconds(1)) == 0)
            #expect(try await Self.sweep(store, at: idle) == 1)
        }
        var short = Fixture.lifetimes
        short.idle = .seconds(20)
        try await Self.founded(kind, ScriptedDraw.lists([1])) { store in
            let opening = Fixture.opening(lifetimes: short, hasStatus: true)
            let session = try await store.opened(opening, at: Fixture.start)
            let sweep = { (now: UnixTime) in
                try await store.sweepSessions(lifetimes: short, limit: 9, at: now).count
            }
            #expect(try await sweep(session.tokensUntil + .seconds(60) - .milliseconds(1)) == 0)
            #expect(try await sweep(session.tokensUntil + .seconds(60)) == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `go on in the next list, which is there before it is needed`(kind: StoreKind) async throws {
        let drawing = ScriptedDraw.lists(Array(0..<16) + [0], listSize: 16)
        try await Self.founded(kind, drawing) { store in
            func tend() async throws { try await store.tendStatusLists() }
            for id in 0..<5 { #expect(try await store.place("\(id)", at: Fixture.start).list == 1) }
            try await tend()
            #expect(try await store.listNumbers() == [1])
            let version = try await store.statusVersion()
            #expect(try await store.place("5", at: Fixture.start).list == 1)
            try await tend()
            #expect(try await store.listNumbers() == [1, 2])
            #expect(try await store.statusVersion() > version, "every server has to serve it")
            for id in 6..<8 { #expect(try await store.place("\(id)", at: Fixture.start).list == 1) }
            try await tend()
            #expect(try await store.place("8", at: Fixture.start) == StatusIndex(list: 2, index: 8))
            // Well below a half it takes sessions again. Ended sessions count once, with their bits.
            for id in 0..<2 { try await store.end("\(id)", at: Fixture.start) }
            try await tend()
            #expect(try await store.place("9", at: Fixture.start).list == 2)
            #expect(try await store.listNumbers() == [1, 2])
            let swept = Fixture.start + Fixture.lifetimes.idle
            #expect(try await Self.sweep(store, at: swept) == 10)
            try await tend()
            #expect(try await store.place("10", at: swept).list == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are found in a new list where all others are full`(kind: StoreKind) async throws {
        try await Self.founded(kind, StatusDrawing(listSize: 2)) { store in
            var places: Set<StatusIndex> = []
            for id in 0..<8 { places.insert(try await store.place("\(id)", at: Fixture.start)) }
            #expect(places.count == 8)
            let numbers = try await store.listNumbers()
            #expect(numbers == Array(1...Int64(numbers.count)))
            #expect(Set(places.map(\.list)).isSubset(of: numbers))
            #expect(places.allSatisfy { 0..<2 ~= $0.index })
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `are never given out twice, whoever draws at once`(kind: StoreKind) async throws {
        try await Self.founded(kind, StatusDrawing(listSize: 256)) { store in
            let places = try await racing(200) { number in try await store.place("\(number)", at: Fixture.start) }
            #expect(Set(places).count == 200)
        }
    }
}

@Suite struct `The use of status lists` {
    typealias Change = StatusListUse.Change

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let lists: [StatusListUse]
        let change: Change?
        var testDescription: String { name }

        /// Lists with the numbers 1 and up; those that are full have a negative count.
        init(_ name: String, _ counts: [Int], _ change: Change?) {
            self.name = name
            lists = counts.enumerated().map { index, count in
                StatusListUse(number: Int64(index + 1), isFull: count < 0, count: abs(count))
            }
            self.change = change
        }
    }

    static let cases = [
        Case("empty", [0], nil),
        Case("below three eighths", [36], nil),
        Case("three eighths", [37], Change(added: 2)),
        Case("three eighths, with a next list", [49, 0], nil),
        Case("a half", [50, 0], Change(filled: [1])),
        Case("a half, and no next list", [50], Change(filled: [1], added: 2)),
        Case("full still", [-37, 0], nil),
        Case("well below again", [-36, 10], Change(opened: [1])),
        Case("several", [-36, 60, 70, -90], Change(filled: [2, 3], opened: [1])),
        Case("all full", [-50, -60], Change(added: 3)),
    ]

    @Test(arguments: cases)
    func `says which take sessions, and when there must be another`(example: Case) {
        #expect(StatusListUse.change(for: example.lists, listSize: 100) == example.change)
    }
}
