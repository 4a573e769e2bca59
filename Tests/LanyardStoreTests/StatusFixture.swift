// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import Synchronization
import TestSupport

extension Store {
    /// All that the status lists show at `now`, read a few at a time.
    func shown(at now: UnixTime, pageSize: Int = 2) async throws -> [StatusBit] {
        var bits: [StatusBit] = []
        while true {
            let page = try await statusBits(after: bits.last?.index, limit: pageSize, at: now)
            bits += page
            if page.count < pageSize { return bits }
        }
    }

    /// How often the lists were changed.
    func statusVersion() async throws -> Int64 {
        try await statusLists().version
    }

    /// The numbers of the lists.
    func listNumbers() async throws -> [Int64] {
        try await statusLists().numbers
    }

    /// Ends one session.
    func end(_ id: SessionID, at now: UnixTime, lifetimes: SessionLifetimes = Fixture.lifetimes) async throws {
        let ending = SessionEnding(.one(id: id, account: nil), cause: .logout, lifetimes: lifetimes)
        _ = try await endSessions(ending, at: now)
    }

    /// Opens a session with an index, and returns that.
    func place(_ id: SessionID, of account: Account = Fixture.account(), at now: UnixTime) async throws -> StatusIndex {
        let session = try await opened(Fixture.opening(id, of: account, maximum: 10_000, hasStatus: true), at: now)
        guard let status = session.status else { throw Unexpected.answer("no index") }
        return status
    }
}

/// Draws what a test has written down, and then the last of it for ever.
final class ScriptedDraw: Sendable {
    private let script: Mutex<[Int]>

    init(_ script: [Int]) {
        self.script = Mutex(script)
    }

    func next() -> Int {
        script.withLock { script in script.count > 1 ? script.removeFirst() : script[0] }
    }

    /// How many draws are left of the script, the last one included.
    var left: Int { script.withLock(\.count) }

    static func lists(_ script: [Int], listSize: Int = 1_000) -> StatusDrawing {
        let draw = ScriptedDraw(script)
        return StatusDrawing(listSize: listSize) { _ in draw.next() }
    }
}
