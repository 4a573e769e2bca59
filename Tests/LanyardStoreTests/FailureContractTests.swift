// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `Store contract: failed tries` {
    static let limits = {
        var limits = TryLimits()
        limits.freeTries = 3
        limits.firstDelay = .seconds(30)
        limits.longestDelay = .seconds(100)
        limits.networkFailures = 6
        limits.accountFailures = 8
        limits.forgetting = .seconds(7_200)
        return limits
    }()

    static func attempt(
        _ pair: UInt8 = 1, network: UInt8? = nil, site: UInt8? = nil, account: UInt8? = nil
    ) -> AuthenticationTry {
        AuthenticationTry(
            pair: [pair, 0], network: network.map { [$0] }, site: site.map { [$0] }, account: account.map { [$0] })
    }

    /// Makes tries of one store, seconds after the start.
    struct Judge {
        let store: any Store
        var limits = `Store contract: failed tries`.limits

        func wrong(_ attempt: AuthenticationTry = attempt(), at second: Int64) async throws -> TryVerdict {
            try await judge(attempt, false, at: second)
        }

        func right(_ attempt: AuthenticationTry = attempt(), at second: Int64) async throws -> TryVerdict {
            try await judge(attempt, true, at: second)
        }

        private func judge(
            _ attempt: AuthenticationTry, _ isRight: Bool, at second: Int64
        ) async throws -> TryVerdict {
            let now = Fixture.start + .seconds(second)
            return try await store.judge(attempt, isRight: isRight, under: limits, at: now)
        }
    }

    static func until(_ second: Int64) -> TryVerdict { .limited(until: Fixture.start + .seconds(second)) }

    @Test(arguments: StoreKind.allCases)
    func `delays a pair after its free tries, twice as long each time up to the longest`(
        kind: StoreKind
    ) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            for second: Int64 in [0, 1, 2] { #expect(try await judge.wrong(at: second) == .wrong) }
            // Refused right or wrong, and what is refused is not counted.
            for second: Int64 in [2, 3, 31] {
                #expect(try await judge.wrong(at: second) == Self.until(32))
                #expect(try await judge.right(at: second) == Self.until(32))
            }
            #expect(try await judge.wrong(at: 32) == .wrong)
            #expect(try await judge.wrong(at: 91) == Self.until(92))
            #expect(try await judge.wrong(at: 92) == .wrong)
            #expect(try await judge.wrong(at: 191) == Self.until(192))
            #expect(try await judge.wrong(at: 192) == .wrong)
            #expect(try await judge.wrong(at: 291) == Self.until(292))
            #expect(try await judge.wrong(Self.attempt(2), at: 291) == .wrong, "another pair")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `ends the row of a pair, and of no other, with a success`(kind: StoreKind) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            for second: Int64 in [0, 1] {
                for pair: UInt8 in [1, 2] { #expect(try await judge.wrong(Self.attempt(pair), at: second) == .wrong) }
            }
            #expect(try await judge.right(at: 2) == .right)
            for second: Int64 in [3, 4, 5] { #expect(try await judge.wrong(at: second) == .wrong) }
            #expect(try await judge.wrong(at: 6) == Self.until(35))
            #expect(try await judge.wrong(Self.attempt(2), at: 6) == .wrong)
            #expect(try await judge.wrong(Self.attempt(2), at: 6) == Self.until(36))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `forgets the failures of a pair one by one`(kind: StoreKind) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            for second: Int64 in [0, 5_000, 7_100] { #expect(try await judge.wrong(at: second) == .wrong) }
            #expect(try await judge.wrong(at: 7_129) == Self.until(7_130))
            // The first is two hours old: two are left, then three again.
            #expect(try await judge.wrong(at: 7_200) == .wrong)
            #expect(try await judge.wrong(at: 7_201) == Self.until(7_230))
        }
    }

    struct Window: CustomTestStringConvertible, Sendable {
        let name: String, limit: Int, seconds: Int64
        let attempt: @Sendable (UInt8) -> AuthenticationTry
        var testDescription: String { name }
    }

    static let windows = [
        Window(name: "network", limit: 6, seconds: 3_600) { attempt($0, network: 1, site: $0, account: $0) },
        Window(name: "site", limit: 6, seconds: 3_600) { attempt($0, network: $0, site: 1, account: $0) },
        Window(name: "account", limit: 8, seconds: 86_400) { attempt($0, network: $0, site: $0, account: 1) },
    ]

    @Test(arguments: StoreKind.allCases, windows)
    func `counts over a sliding window, whatever pairs succeed`(kind: StoreKind, window: Window) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            for number in 0..<window.limit {
                let attempt = window.attempt(UInt8(number))
                #expect(try await judge.wrong(attempt, at: Int64(number) * 10) == .wrong)
                #expect(
                    try await judge.right(attempt, at: Int64(number) * 10)
                        == (number == window.limit - 1 ? Self.until(window.seconds) : .right))
            }
            let next = window.attempt(99)
            #expect(try await judge.wrong(next, at: window.seconds - 1) == Self.until(window.seconds))
            #expect(try await judge.wrong(Self.attempt(99), at: 100) == .wrong, "where it does not count")
            #expect(try await judge.wrong(next, at: window.seconds) == .wrong)
            #expect(try await judge.wrong(next, at: window.seconds) == Self.until(window.seconds + 10))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `says the latest of all that refuses`(kind: StoreKind) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            for number: UInt8 in 0..<6 {
                #expect(try await judge.wrong(Self.attempt(number % 2, network: 1), at: Int64(number)) == .wrong)
            }
            #expect(try await judge.wrong(Self.attempt(1, network: 1), at: 6) == Self.until(3_600))
            #expect(try await judge.wrong(Self.attempt(1), at: 6) == Self.until(35))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lets no number of tries at once pass a limit`(kind: StoreKind) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            let verdicts = try await withThrowingTaskGroup(of: TryVerdict.self) { group in
                for number in 0..<200 {
                    group.addTask { try await number == 150 ? judge.right(at: 0) : judge.wrong(at: 0) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // The right one may have been early enough, and then it has ended a row of up to two.
            #expect((3...5).contains(verdicts.count { $0 == .wrong }))
            #expect(verdicts.allSatisfy { $0 == .wrong || $0 == .right || $0 == Self.until(30) })
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `is not locked out by a clock that was put back`(kind: StoreKind) async throws {
        try await withStore(kind) { store async throws in
            let judge = Judge(store: store)
            for _ in 0..<3 { _ = try await judge.wrong(at: 10_000) }
            #expect(try await judge.wrong(at: 9_999) == Self.until(10_030), "clocks differ a little")
            #expect(try await judge.wrong(at: 9_000) == .wrong)
        }
    }

    @Test func `is as it was in another process`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("store.sqlite3")
        let stores = (0..<2).map { _ in SQLiteStore(path: path) }
        defer { for store in stores { store.close() } }
        _ = try await stores[0].open(founding: { Fixture.founding() })
        for second: Int64 in 0..<3 {
            #expect(try await Judge(store: stores[Int(second) % 2]).wrong(at: second) == .wrong)
        }
        for store in stores { #expect(try await Judge(store: store).wrong(at: 3) == Self.until(32)) }
    }

    /// Returns what is in the table of failures.
    private func integer(_ store: SQLiteStore, _ statement: String) async throws -> Int64 {
        try await store.read { connection throws(StoreError) in try connection.integer(statement) }
    }

    @Test func `keeps a million rows at most and lets the oldest go`() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        let judge = Judge(store: store)
        for pair: UInt8 in 1...5 { #expect(try await judge.wrong(Self.attempt(pair), at: 0) == .wrong) }
        let highest = SQLiteStore.maximumFailures + 2
        try await store.write { connection throws(StoreError) in
            try connection.execute("UPDATE failure SET id = \(highest) WHERE id = 5")
        }
        #expect(try await judge.wrong(Self.attempt(6), at: 1) == .wrong)
        #expect(try await integer(store, "SELECT min(id) FROM failure") == 4)
        #expect(try await integer(store, "SELECT max(id) FROM failure") == highest + 1)
    }

    @Test func `sweeps what is too old, and what no clock can explain, as new rows come`() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        let judge = Judge(store: store)
        let day: Int64 = 86_400
        #expect(try await judge.wrong(Self.attempt(1), at: 3 * day) == .wrong)
        for pair: UInt8 in 2...9 { #expect(try await judge.wrong(Self.attempt(pair), at: 0) == .wrong) }
        // The row of the future went when the next came; of those of a day ago four go with each that comes.
        #expect(try await integer(store, "SELECT count(*) FROM failure") == 8)
        #expect(try await judge.wrong(Self.attempt(10), at: day - 1) == .wrong)
        #expect(try await integer(store, "SELECT count(*) FROM failure") == 9)
        for (pair, left) in [(UInt8(11), Int64(6)), (12, 3), (13, 4)] {
            #expect(try await judge.wrong(Self.attempt(pair), at: day) == .wrong)
            #expect(try await integer(store, "SELECT count(*) FROM failure") == left)
        }
    }

    @Test func `writes nothing for a try that is right and has failed nowhere`() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        let judge = Judge(store: store)
        #expect(try await judge.wrong(Self.attempt(2, network: 1), at: 0) == .wrong)
        let before = try folder.bytes(of: "store.sqlite3-wal")
        for second: Int64 in 0..<3 {
            #expect(try await judge.right(Self.attempt(1, network: 1), at: second) == .right)
        }
        #expect(try folder.bytes(of: "store.sqlite3-wal") == before)
        #expect(try await judge.right(Self.attempt(2, network: 1), at: 3) == .right)
        #expect(try folder.bytes(of: "store.sqlite3-wal") != before)
    }
}

@Suite struct `Limits of tries` {
    @Test(arguments: [
        (5, 30, 900, 10), (1, 1, 1, 1), (3, 30, 100, 5), (5, 30, 31, 6), (1_000_000, 1, 31_536_000, 1_000_025),
    ])
    func `count no further than the longest delay`(free: Int, first: Int, longest: Int, count: Int) {
        var limits = TryLimits()
        limits.freeTries = free
        limits.firstDelay = .seconds(first)
        limits.longestDelay = .seconds(longest)
        #expect(limits.failuresInRow == count)
        let start = Fixture.start
        #expect(limits.nextTry(afterFailures: free - 1, lastAt: start) == nil)
        #expect(limits.nextTry(afterFailures: free, lastAt: start) == start + .seconds(first))
        for failures in [count, count + 1, .max] {
            #expect(limits.nextTry(afterFailures: failures, lastAt: start) == start + .seconds(longest))
        }
    }
}
