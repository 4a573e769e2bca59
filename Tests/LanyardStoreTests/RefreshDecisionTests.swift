// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import Testing

/// A presented generation, a moment, and what they mean for the row 3, 2, rotated at `rotatedAt`.
struct RefreshCase: CustomTestStringConvertible, Sendable {
    let name: String
    var generation: Int64
    var age: Duration
    var grace = Duration.seconds(10)
    let decision: RefreshDecision
    /// The generations after the decision; `nil` if they stay as they are.
    var generations: [Int64]?
    /// When the row says that it was rotated, after the decision, relative to before; `nil` if that stays as it is.
    var rotation: Duration?

    var testDescription: String { name }

    static let all = [
        RefreshCase(name: "newest, at once", generation: 3, age: .zero, decision: .keep),
        RefreshCase(name: "newest, last young moment", generation: 3, age: .milliseconds(9_999), decision: .keep),
        RefreshCase(
            name: "newest, grace over", generation: 3, age: .seconds(10), decision: .rotate, generations: [4, 3],
            rotation: .seconds(10)),
        RefreshCase(
            name: "newest, clock went back a little", generation: 3, age: .milliseconds(-1), decision: .rotate,
            generations: [4, 3], rotation: .zero),
        RefreshCase(
            name: "newest, clock went back as far as it may", generation: 3, age: .seconds(-30), decision: .rotate,
            generations: [4, 3], rotation: .zero),
        RefreshCase(
            name: "newest, written by a wrong clock", generation: 3, age: .milliseconds(-30_001), decision: .keep,
            rotation: .milliseconds(-30_001)),
        RefreshCase(
            name: "newest, no grace", generation: 3, age: .zero, grace: .zero, decision: .rotate, generations: [4, 3],
            rotation: .zero),
        RefreshCase(
            name: "newest, no grace, clock went back", generation: 3, age: .seconds(-5), grace: .zero,
            decision: .rotate, generations: [4, 3], rotation: .zero),
        RefreshCase(
            name: "newest, no grace, written by a wrong clock", generation: 3, age: .seconds(-864_000), grace: .zero,
            decision: .rotate, generations: [4, 3], rotation: .seconds(-864_000)),
        RefreshCase(name: "replaced, at once", generation: 2, age: .zero, decision: .replay),
        RefreshCase(name: "replaced, last young moment", generation: 2, age: .milliseconds(9_999), decision: .replay),
        RefreshCase(
            name: "replaced, grace over", generation: 2, age: .seconds(10), decision: .recover, generations: [4, 2],
            rotation: .seconds(10)),
        RefreshCase(
            name: "replaced, clock went back a little", generation: 2, age: .milliseconds(-1), decision: .recover,
            generations: [4, 2], rotation: .zero),
        RefreshCase(
            name: "replaced, written by a wrong clock", generation: 2, age: .seconds(-864_000), decision: .replay,
            rotation: .seconds(-864_000)),
        RefreshCase(
            name: "replaced, written a hundred years from now", generation: 2, age: .seconds(-3_155_760_000),
            decision: .replay, rotation: .seconds(-3_155_760_000)),
        RefreshCase(
            name: "replaced, no grace", generation: 2, age: .zero, grace: .zero, decision: .recover,
            generations: [4, 2], rotation: .zero),
        RefreshCase(
            name: "replaced, no grace, written by a wrong clock", generation: 2, age: .seconds(-500), grace: .zero,
            decision: .recover, generations: [4, 2], rotation: .seconds(-500)),
        RefreshCase(
            name: "one ahead", generation: 4, age: .zero, decision: .ahead, generations: [4, 3], rotation: .zero),
        RefreshCase(
            name: "far ahead", generation: 1_000_000, age: .seconds(500), decision: .ahead,
            generations: [1_000_000, 999_999], rotation: .seconds(500)),
        RefreshCase(
            name: "ahead, clock went back a little", generation: 9, age: .seconds(-5), decision: .ahead,
            generations: [9, 8], rotation: .zero),
        RefreshCase(
            name: "ahead, written by a wrong clock", generation: 9, age: .seconds(-500), decision: .ahead,
            generations: [9, 8], rotation: .seconds(-500)),
        RefreshCase(name: "older, at once", generation: 1, age: .zero, decision: .reuse),
        RefreshCase(name: "older, later", generation: 1, age: .seconds(500), decision: .reuse),
        RefreshCase(name: "older, clock went back", generation: 1, age: .seconds(-5), decision: .reuse),
        RefreshCase(name: "older, written by a wrong clock", generation: 1, age: .seconds(-500), decision: .reuse),
        RefreshCase(name: "older, no grace", generation: 1, age: .zero, grace: .zero, decision: .reuse),
        RefreshCase(name: "generation none was given", generation: 0, age: .zero, decision: .reuse),
        RefreshCase(name: "negative generation", generation: -1, age: .zero, decision: .reuse),
    ]
}

@Suite struct `Refresh decision` {
    @Test(arguments: RefreshCase.all)
    func `follows the table`(row: RefreshCase) {
        let before = RefreshDecision.Row(current: 3, previous: 2, rotatedAt: Fixture.start)
        let now = Fixture.start + row.age
        let decision = RefreshDecision(row: before, generation: row.generation, grace: row.grace, at: now)
        #expect(decision == row.decision)
        let after = decision.successor(of: before, generation: row.generation, at: now)
        #expect((after ?? before).rotatedAt == before.rotatedAt + (row.rotation ?? .zero))
        #expect([(after ?? before).current, (after ?? before).previous] == row.generations ?? [3, 2])
        #expect((after == nil) == (row.rotation == nil), "what stays as it is is not written")
    }

    @Test(arguments: RefreshCase.all)
    func `leaves a time of the future alone while the clock is in doubt`(row: RefreshCase) {
        let before = RefreshDecision.Row(current: 3, previous: 2, rotatedAt: Fixture.start)
        let now = Fixture.start + row.age
        let decision = RefreshDecision(row: before, generation: row.generation, grace: row.grace, at: now)
        let after = decision.successor(of: before, generation: row.generation, at: now, trustsClock: false)
        #expect((after ?? before).rotatedAt == before.rotatedAt + max(.zero, row.rotation ?? .zero))
        #expect([(after ?? before).current, (after ?? before).previous] == row.generations ?? [3, 2])
    }

    @Test func `takes the generation that recovery skipped for a thief's`() {
        let recovered = RefreshDecision.Row(current: 4, previous: 2, rotatedAt: Fixture.start)
        let later = Fixture.start + .seconds(100)
        #expect(RefreshDecision(row: recovered, generation: 3, grace: .seconds(10), at: Fixture.start) == .reuse)
        #expect(RefreshDecision(row: recovered, generation: 3, grace: .seconds(10), at: later) == .reuse)
    }

    @Test func `knows no replaced generation at login`() {
        let opened = RefreshDecision.Row(current: 1, previous: 0, rotatedAt: Fixture.start)
        #expect(RefreshDecision(row: opened, generation: 1, grace: .seconds(10), at: Fixture.start) == .keep)
        #expect(RefreshDecision(row: opened, generation: -1, grace: .seconds(10), at: Fixture.start) == .reuse)
    }

    @Test func `ends the session of a disabled account`() {
        var account = Fixture.account()
        account.disabledAt = Fixture.start + .seconds(5)
        let session = Session(opening: Fixture.opening(), tokensUntil: Fixture.start, at: Fixture.start)
        let now = Fixture.start + .seconds(20)
        let outcome = Fixture.advance(1).outcome(for: session, of: account, times: StoreTimes(), at: now)
        var ended = session
        ended.end(.disabled, at: now)
        #expect(outcome.session == ended)
        #expect(outcome.advanced == .over(.disabled, ended, isNews: true))
    }
}
