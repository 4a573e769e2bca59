// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LanyardBase
import LanyardStore
import LanyardStoreSQLite
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `SQLite store: the time of a decision` {
    /// A refresh waits while another rotates: it must see that as lately done, and not as something of the future.
    @Test func `is when it is made, however long the call has waited`() async throws {
        let folder = try TemporaryFolder()
        let store = SQLiteStore(path: folder.path("store.sqlite3"))
        defer { store.close() }
        _ = try await store.open(founding: { Fixture.founding() })
        try await store.add(Fixture.account())
        _ = try await store.opened(Fixture.opening(), at: Fixture.start)
        let called = Fixture.start + .seconds(60)
        let rotated = called + .seconds(2)
        let clock = Guarded(called)

        let (isBusy, rotation) = (Inbox<Bool>(), Inbox<Bool>())
        let mayGoOn = DispatchSemaphore(value: 0)
        let update = "UPDATE session SET current = 2, previous = 1, rotated_at = \(rotated.milliseconds)"
        let rotate = { @Sendable (connection: Connection) throws(StoreError) -> Bool in
            isBusy.put(true)
            _ = mayGoOn.wait(timeout: .now() + .seconds(3))
            try connection.execute(update)
            return true
        }
        begin {
            try await store.write(step: rotate)
        } tell: { (result: Result<Bool, StoreError>) in
            rotation.put((try? result.get()) ?? false)
        }
        #expect(try isBusy.next())
        let decision = Inbox<RefreshDecision?>()
        begin {
            try await store.advanceSession(Fixture.advance(1), at: { clock.withLock { $0 } })
        } tell: { (result: Result<SessionAdvanced, StoreError>) in
            decision.put((try? result.get())?.decision)
        }
        clock.withLock { $0 = rotated + .seconds(1) }
        mayGoOn.signal()
        #expect(try rotation.next())
        #expect(try decision.next() == .replay)
    }
}
