// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `SQLite store: more sessions than an account may have` {
    @Test func `are ended some at each login, the oldest first`() async throws {
        let folder = try TemporaryFolder()
        var limits = SQLiteStore.Limits()
        limits.sessionsPerLogin = 2
        let store = SQLiteStore(path: folder.path("store.sqlite3"), limits: limits)
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        try await store.add(Fixture.account())
        for index in 0..<6 {
            _ = try await store.opened(Fixture.opening("s\(index)"), at: Fixture.start + .seconds(index))
        }
        // The limit is lowered to 2. Each login adds one and ends two, until there are no more than it allows.
        let expected: [[SessionID]] = [["s0", "s1"], ["s2", "s3"], ["s4", "s5"], ["t0", "t1"], ["t2"], ["t3"]]
        for (index, ids) in expected.enumerated() {
            let opening = Fixture.opening("t\(index)", maximum: 2)
            let now = Fixture.start + .seconds(10 + index)
            let opened = try await store.openSession(opening, at: now)
            guard case .opened(_, _, let ended) = opened else { throw Unexpected.answer("\(opened)") }
            #expect(ended == ids)
        }
    }
}
