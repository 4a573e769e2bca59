// SPDX-License-Identifier: Apache-2.0

import CoreTestSupport
import Dispatch
import LanyardBase
import LanyardCore
import LanyardStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct `A watch over the store` {
    let process: KeyedProcess
    let store: StubbornStore
    let watch: StoreWatch

    init() async throws {
        process = try await KeyedProcess()
        store = StubbornStore(process.store.store)
        let clock = process.clock
        watch = StoreWatch(
            store, keys: process.live,
            events: EventLog(process.log.logger, now: { clock.now.wall }),
            patience: .milliseconds(50), clock: { clock.now })
        _ = process.log.take()
    }

    func isAvailable(after pause: Duration = .zero) async -> Bool {
        process.advance(pause)
        return await watch.check()
    }

    func events() -> [String] { process.log.take().compactMap { $0["event"] } }

    // MARK: Whether it can be written

    @Test func `says that the store can be written, by having written to it`() async throws {
        #expect(await isAvailable())
        #expect(store.count == 1)
        #expect(await isAvailable(after: .milliseconds(4_999)))
        #expect(store.count == 1, "the last write is not old")
        #expect(await isAvailable(after: .milliseconds(1)))
        #expect(store.count == 2)
    }

    @Test(arguments: [StoreError.full, .permissionDenied, .damaged])
    func `finds out within seconds that it cannot be written, and then that it can`(error: StoreError) async throws {
        #expect(await isAvailable())
        store.fails(with: error)
        #expect(await isAvailable(after: .seconds(5)) == false)
        #expect(await isAvailable(after: .milliseconds(999)) == false)
        #expect(store.count == 2, "one write a second")
        store.fails(with: nil)
        #expect(await isAvailable(after: .milliseconds(1)))
    }

    @Test func `takes no lock that others hold for less than five seconds for a failure`() async throws {
        #expect(await isAvailable())
        store.fails(with: .unavailable)
        #expect(await isAvailable(after: .seconds(5)))
        #expect(await isAvailable(after: .milliseconds(4_999)))
        #expect(await isAvailable(after: .milliseconds(1)) == false)
        store.fails(with: nil)
        #expect(await isAvailable(after: .seconds(1)))
        store.fails(with: .unavailable)
        #expect(await isAvailable(after: .seconds(5)), "another five seconds")
    }

    @Test func `is not ready before the first write has succeeded`() async throws {
        store.fails(with: .unavailable)
        #expect(await isAvailable() == false)
    }

    @Test func `answers by what it knows if a write takes long`() async throws {
        #expect(await isAvailable())
        store.holds()
        #expect(await isAvailable(after: .seconds(5)))
        #expect(await isAvailable())
        #expect(store.count == 2, "all wait for one write")
    }

    // MARK: Clocks

    @Test func `logs once a minute that its clock is behind, and goes on`() async throws {
        let now = process.clock.now.wall
        #expect(await isAvailable())
        process.clock.step(by: .seconds(-30))
        #expect(await isAvailable(after: .seconds(5)))
        #expect(events() == [], "by no more than clocks may differ")
        _ = try await store.store.recordClock(at: now + .seconds(100), replacing: nil)
        #expect(await isAvailable(after: .seconds(5)))
        let lines = process.log.take()
        #expect(lines.map { $0["event"] } == ["clock_behind"])
        #expect(lines.first?["level"] == "error")
        #expect(lines.first?["reason"] == "record")
        #expect(lines.first?["behind_s"] == "120")
        for _ in 0..<11 { #expect(await isAvailable(after: .seconds(5))) }
        #expect(events() == [])
        #expect(await isAvailable(after: .seconds(5)))
        #expect(events() == ["clock_behind"])
        process.clock.step(by: .seconds(1_000))
        for _ in 0..<20 { #expect(await isAvailable(after: .seconds(5))) }
        #expect(events() == [], "it is right again")
    }

    @Test func `lowers a record that no server has renewed for ten minutes`() async throws {
        let ahead = process.clock.now.wall + .seconds(864_000)
        _ = try await store.store.recordClock(at: ahead, replacing: nil)
        #expect(await isAvailable())
        #expect(events() == ["clock_behind"])
        #expect(await isAvailable(after: .milliseconds(599_999)))
        #expect(try await process.foundation.clockRecord == ahead)
        #expect(events() == ["clock_behind"])
        #expect(await isAvailable(after: .seconds(5)))
        #expect(try await process.foundation.clockRecord == process.clock.now.wall)
        #expect(await isAvailable(after: .seconds(60)))
        #expect(events() == [])
    }

    @Test func `does not lower a record that another server renews`() async throws {
        var ahead = process.clock.now.wall + .seconds(864_000)
        for _ in 0..<20 {
            ahead = ahead + .seconds(60)
            _ = try await store.store.recordClock(at: ahead, replacing: nil)
            #expect(await isAvailable(after: .seconds(60)))
        }
        #expect(try await process.foundation.clockRecord == ahead)
    }

    @Test func `logs that its clock is behind the key that signs`() async throws {
        process.clock.step(by: .seconds(-31))
        #expect(await isAvailable())
        let lines = process.log.take()
        #expect(lines.map { $0["event"] } == ["clock_behind"])
        #expect(lines.first?["reason"] == "key")
    }
}

/// A store whose record of time can fail, or take for ever.
final class StubbornStore: PassingStore {
    let store: MemoryStore

    init(_ store: MemoryStore) {
        self.store = store
    }

    private struct Plan {
        var error: StoreError?
        var isHeld = false
        var count = 0
    }

    private let plan = Guarded(Plan())

    /// How many writes were begun.
    var count: Int { plan.withLock(\.count) }

    func fails(with error: StoreError?) { plan.withLock { $0.error = error } }

    func holds() { plan.withLock { $0.isHeld = true } }

    func recordClock(
        at now: UnixTime, replacing stale: UnixTime?
    ) async throws(StoreError) -> UnixTime {
        let (error, isHeld) = plan.withLock { plan in
            plan.count += 1
            return (plan.error, plan.isHeld)
        }
        if isHeld {
            // Longer than the test.
            try? await Task.sleep(for: .seconds(60))
            throw .unavailable
        }
        if let error { throw error }
        return try await store.recordClock(at: now, replacing: stale)
    }
}
