// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Store contract: the time of a decision` {
    /// Two refreshes of one generation, of which the first waits: it is decided after the second has rotated, and must see
    /// that as lately done, and not as something of the future.
    @Test(arguments: StoreKind.allCases)
    func `is when it is made, however long the call has waited`(kind: StoreKind) async throws {
        try await withStore(kind) { store in
            try await call { store.add(Fixture.account(), completion: $0) }
            _ = try await store.opened(Fixture.opening(), at: Fixture.start)
            let clock = Guarded(Fixture.start + .seconds(60))
            let tick: @Sendable () -> UnixTime = {
                clock.withLock { now in
                    now = now + .milliseconds(5)
                    return now
                }
            }
            let decisions = try await withThrowingTaskGroup(of: RefreshDecision?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await call { store.advanceSession(Fixture.advance(1), at: tick, completion: $0) }.decision
                    }
                }
                return try await group.reduce(into: [RefreshDecision?]()) { $0.append($1) }
            }
            #expect(decisions.count { $0 == .rotate } == 1)
            #expect(decisions.count { $0 == .replay } == 19)
        }
    }

    @Test func `is asked for inside the transaction of SQLite`() async throws {
        let folder = try TemporaryFolder()
        let stores = (0..<2).map { _ in SQLiteStore(path: folder.path("store.sqlite3")) }
        defer { for store in stores { store.close() } }
        _ = try await call { stores[0].open(founding: { Fixture.founding() }, completion: $0) }
        try await call { stores[0].add(Fixture.account(), completion: $0) }
        _ = try await stores[0].opened(Fixture.opening(), at: Fixture.start)
        // Each decision takes a later time than all that were written before it, on whichever connection.
        let clock = Guarded(Fixture.start + .seconds(60))
        let decisions = try await withThrowingTaskGroup(of: RefreshDecision?.self) { group in
            for index in 0..<40 {
                group.addTask {
                    try await call { done in
                        stores[index % 2].advanceSession(
                            Fixture.advance(1),
                            at: {
                                clock.withLock { now in
                                    now = now + .milliseconds(1)
                                    return now
                                }
                            }, completion: done)
                    }.decision
                }
            }
            return try await group.reduce(into: [RefreshDecision?]()) { $0.append($1) }
        }
        #expect(decisions.count { $0 == .rotate } == 1)
        #expect(decisions.count { $0 == .replay } == 39)
    }
}
