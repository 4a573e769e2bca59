// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import LanyardBase
import LanyardCoding
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite struct `A keeper of status lists` {
    @Test func `has nothing to serve before it has read anything`() async throws {
        let process = try await StatusProcess()
        process.keyed.store.break(.statusLists)
        await process.look()
        #expect(process.list() == nil)
        process.keyed.store.break(nil)
        await process.look()
        #expect(process.list() != nil)
    }

    @Test func `shows what was ended at its next look, and until when the store says`() async throws {
        let process = try await StatusProcess(drawing: [3, 9])
        let (first, second) = (try await process.open(), try await process.open())
        await process.look()
        #expect(try process.served().indices == [])
        process.keyed.advance(.seconds(1))
        try await process.end(first)
        await process.look()
        #expect(try process.served().indices == [3])
        process.keyed.advance(.seconds(100))
        try await process.end(second)
        await process.look()
        #expect(try process.served().indices == [3, 9])

        // Both tokens ended 910 s after the login, and their bits 600 s later.
        process.keyed.advance(.seconds(1_510 - 101) - .milliseconds(1))
        await process.look()
        #expect(try process.served().indices == [3, 9])
        process.keyed.advance(.milliseconds(1))
        await process.look()
        #expect(try process.served().indices == [])
    }

    @Test func `signs nothing anew that says the same`() async throws {
        let process = try await StatusProcess()
        await process.look()
        let token = process.list()?.token
        for _ in 0..<3 {
            process.keyed.advance(.seconds(1))
            await process.look()
        }
        #expect(process.list()?.token == token)
        #expect(token != nil)
    }

    @Test func `signs anew in the middle of a life`() async throws {
        let process = try await StatusProcess()
        await process.look()
        let token = process.list()?.token
        process.keyed.advance(.seconds(1_800) - .milliseconds(1))
        await process.look()
        #expect(process.list()?.token == token)
        process.keyed.advance(.milliseconds(1))
        await process.look()
        #expect(process.list()?.token != token)
        #expect(try process.served().seconds("iat") == process.now.seconds)
    }

    @Test func `signs anew when the clock was set back`() async throws {
        let process = try await StatusProcess()
        await process.look()
        process.keyed.clock.step(by: .seconds(-100))
        await process.look()
        #expect(try process.served().seconds("iat") == process.now.seconds)
    }

    @Test func `says when it read, not when it signed`() async throws {
        let process = try await StatusProcess(drawing: [5])
        let session = try await process.open()
        await process.look()
        try await process.end(session)
        for call in [FlakyStore.Call.statusLists, .statusBits] {
            let before = process.now.seconds
            try await process.end(process.open())
            process.keyed.store.during(call) { [clock = process.keyed.clock] in clock.step(by: .seconds(20)) }
            await process.look()
            #expect(process.now.seconds == before + 20)
            #expect(try process.served().seconds("iat") == before)
        }
    }

    @Test func `shows what was ended while it read, at the next look at the latest`() async throws {
        let process = try await StatusProcess(drawing: [5, 6])
        let (first, second) = (try await process.open(), try await process.open())
        await process.look()
        try await process.end(first)
        let store = process.keyed.store
        let ending = SessionEnding(
            .one(id: SessionID(second), account: nil), cause: .logout, lifetimes: StatusProcess.lifetimes)
        let now = process.now
        store.during(.statusBits) { begin { try await store.store.endSessions(ending, at: now) } }
        await process.look()
        await process.look()
        #expect(try process.served().indices == [5, 6])
    }

    @Test func `reads more bits than one step gives`() async throws {
        let indices = Array(1...5)
        let process = try await StatusProcess(drawing: indices)
        for count in indices {
            try await process.end(try await process.open())
            await process.look()
            #expect(try process.served().indices == Array(1...count))
        }
    }

    @Test func `serves a new list as soon as there is one, and leaves the others as they are`() async throws {
        let process = try await StatusProcess(drawing: [0, 1, 1, 0] + Array(repeating: 0, count: 40), listSize: 2)
        let first = try await process.open()
        await process.look()
        let token = process.list()?.token
        #expect(process.list(2) == nil)
        _ = try await process.open()
        process.keyed.advance(.seconds(1))
        let third = try await process.open()
        await process.look()
        #expect(process.list(2) != nil)
        #expect(process.list()?.token == token, "nothing of the first has changed")
        try await process.end(third)
        await process.look()
        #expect(try process.served(2).indices.count == 1)
        #expect(try process.served(2).claims["sub"]?.string == KeyedProcess.tokens.issuer.text + "/status/2")
        #expect(try process.served().indices == [])
        try await process.end(first)
        await process.look()
        #expect(try process.served().indices == [0])
    }

    // MARK: keys

    @Test func `signs with the new key when another signs, and serves nothing of one that was revoked`() async throws {
        let process = try await StatusProcess()
        await process.look()
        let before = try process.served().header["kid"]?.string
        try await process.keyed.order(.rotateNow(in: .seconds(5)))
        await process.keyed.look()
        process.keyed.advance(.seconds(5))
        await process.look()
        let after = try process.served().header["kid"]?.string
        #expect(after == process.keyed.live.current.keyring.active.kid.text)
        #expect(after != before)

        try await process.keyed.order(.revoke(kid: KeyID(try #require(after))))
        await process.keyed.look()
        #expect(process.list() != nil, "it signs still")
        process.keyed.advance(.seconds(5))
        await process.keyed.look()
        // The keeper has not looked yet, and cannot.
        process.keyed.store.break(.statusLists)
        #expect(process.list() == nil)
        process.keyed.store.break(nil)
        await process.look(keysToo: false)
        #expect(try process.served().header["kid"]?.string == process.keyed.live.current.keyring.active.kid.text)
    }

    @Test(.timeLimit(.minutes(5))) func `is signed anew as soon as another key signs, however long the pause`()
        async throws
    {
        let process = try await StatusProcess()
        process.start()
        defer { process.stop() }
        let isServed = { (kid: String) in
            try process.list() != nil && process.served().header["kid"]?.string == kid
        }
        let first = process.keyed.live.current.keyring.active.kid
        while try !isServed(first.text) { try await Task.sleep(for: .milliseconds(5)) }

        try await process.keyed.order(.revoke(kid: first))
        await process.keyed.look()
        process.keyed.advance(.seconds(5))
        await process.keyed.look()
        let second = process.keyed.live.current.keyring.active.kid
        #expect(second != first)
        while try !isServed(second.text) { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func `signs nothing while the keys may be old`() async throws {
        let process = try await StatusProcess(drawing: [7])
        let session = try await process.open()
        await process.look()
        try await process.end(session)
        process.keyed.advance(.milliseconds(3_001))
        process.keyed.store.break(.keyVersion)
        await process.look(keysToo: false)
        #expect(try process.served().indices == [])
        process.keyed.store.break(nil)
        await process.look()
        #expect(try process.served().indices == [7])
        // As of a list that takes too long to read.
        let other = try await process.open()
        try await process.end(other)
        process.keyed.store.break(.keyVersion)
        process.keyed.store.during(.statusBits) { [clock = process.keyed.clock] in clock.advance(by: .seconds(4)) }
        await process.look(keysToo: false)
        #expect(try process.served().indices == [7])
    }

    // MARK: a store that is away

    @Test(arguments: [FlakyStore.Call.statusLists, .statusBits])
    func `serves what it has while the store is away, until that is over`(broken: FlakyStore.Call) async throws {
        let process = try await StatusProcess(drawing: [7])
        let session = try await process.open()
        await process.look()
        let token = process.list()?.token
        try await process.end(session)
        process.keyed.store.break(broken)
        for _ in 0..<3 {
            process.keyed.advance(.seconds(1))
            await process.look()
        }
        #expect(process.list()?.token == token)
        #expect(process.keyed.log.take().map { $0["event"] } == ["status_lists_not_built"], "said once")
        process.keyed.advance(.seconds(3_597) - .milliseconds(1))
        #expect(process.list() != nil)
        process.keyed.advance(.milliseconds(1))
        #expect(process.list() == nil)
        process.keyed.store.break(nil)
        await process.look()
        #expect(process.list() != nil)
        process.keyed.store.break(broken)
        process.keyed.advance(.seconds(1_800))
        await process.look()
        #expect(process.keyed.log.take().map { $0["event"] }.contains("status_lists_not_built"), "and once more")
    }
}
