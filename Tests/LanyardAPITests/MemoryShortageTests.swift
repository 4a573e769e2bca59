// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardPasswords
import TestSupport
import Testing

/// A hash that needs more memory than the system provides: a lack of capacity, not a bug.
@Suite struct `A shortage of memory` {
    @Test func `is answered 503 overloaded, at login and at a password change`() async throws {
        let isShort = Guarded(false)
        let recorder = LogRecorder()
        let fixture = try await ServiceFixture(
            derive: { (password, scheme, length) throws(PasswordHashError) in
                if isShort.withLock({ $0 }) { throw .outOfMemory }
                return try PasswordScheme.derivation(password, scheme, length)
            }, log: recorder.logger)
        let login = try fixture.logIn()
        isShort.withLock { $0 = true }
        _ = recorder.take()

        let refused = try fixture.logIn()
        #expect(refused.status == 503)
        #expect(refused.text("error") == "overloaded")
        #expect(refused["retry-after"] == "1")
        let change = try fixture.changePassword(to: "another password of alice", with: login)
        #expect(change.status == 503)
        #expect(change.text("error") == "overloaded")
        let lines = recorder.take()
        #expect(lines.map { $0["event"] } == ["overloaded", "overloaded"])
        #expect(lines.allSatisfy { $0["reason"] == "out_of_memory" })

        isShort.withLock { $0 = false }
        #expect(try fixture.logIn().status == 200)
    }
}
