// SPDX-License-Identifier: Apache-2.0

import LanyardBase
import LanyardStore
import Testing

/// How a server refreshes: the rules as they are, or weakened in one way that the model must catch.
struct RefreshRules: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Which decision is made in the place of the right one.
    var instead: @Sendable (RefreshDecision) -> RefreshDecision = { $0 }
    /// Whether the answer of `keep` sets the cookie.
    var keepSetsCookie = false
    /// Whether a token that is newer than the row is answered with the next one, as in an earlier release.
    var aheadRotates = false
    /// Whether a request whose client has closed is dropped before its decision.
    var dropsForsaken = true

    static let real = RefreshRules(testDescription: "the rules as they are")
    static let alwaysRotate = RefreshRules(testDescription: "always rotate") { $0 == .keep ? .rotate : $0 }
    static let keepSetsTheCookie = RefreshRules(testDescription: "keep sets the cookie", keepSetsCookie: true)
    static let forsakenArriveLate = RefreshRules(
        testDescription: "a forsaken request arrives late", dropsForsaken: false)
    static let noRowForAhead = RefreshRules(testDescription: "no row for ahead") { $0 == .ahead ? .reuse : $0 }
    static let aheadRotates = RefreshRules(testDescription: "ahead rotates", aheadRotates: true)
    static let recoverDoesNotVoid = RefreshRules(testDescription: "recover does not void") {
        $0 == .recover ? .replay : $0
    }

    /// Decides, in ticks of a second.
    func decision(on row: ModelRow, generation: Int64, grace: Int) -> RefreshDecision {
        let stored = RefreshDecision.Row(
            current: row.current, previous: row.previous, rotatedAt: UnixTime(seconds: 0))
        return instead(
            RefreshDecision(
                row: stored, generation: generation, grace: .seconds(grace), at: UnixTime(seconds: Int64(row.age))))
    }

    /// Whether the answer to a decision sets the cookie of the refresh token.
    func setsCookie(_ decision: RefreshDecision) -> Bool {
        switch decision {
        case .keep: keepSetsCookie
        case .ahead: aheadRotates
        case .rotate, .replay, .recover, .reuse: true
        }
    }

    /// Returns the row after a decision, and the generation that is answered; `nil` if the session ends.
    func outcome(
        of decision: RefreshDecision, on row: ModelRow, generation: Int64, trustsClock: Bool
    ) -> (row: ModelRow, answer: Int64)? {
        guard decision != .reuse else { return nil }
        let stored = RefreshDecision.Row(
            current: row.current, previous: row.previous, rotatedAt: UnixTime(seconds: 0))
        let now = UnixTime(seconds: Int64(row.age))
        let successor = decision.successor(of: stored, generation: generation, at: now, trustsClock: trustsClock)
        guard var after = successor else { return (row, row.current) }
        if decision == .ahead, aheadRotates { (after.current, after.previous) = (generation + 1, generation) }
        let age = Int(now.since(after.rotatedAt).wholeSeconds)
        return (ModelRow(current: after.current, previous: after.previous, age: age), after.current)
    }
}

/// What a store holds of a session, with the time since the last rotation instead of its instant.
struct ModelRow: Hashable {
    var current: Int64 = 1
    var previous: Int64 = 0
    /// In ticks; negative when the clock was set back.
    var age = 0

    /// How far ahead a stored time may be before it counts as written by a wrong clock, in ticks.
    static let tolerance = Int(RefreshDecision.clockTolerance.wholeSeconds)

    /// Lets time pass, or the clock step.
    ///
    /// A wrong clock is wrong by more than the model lasts: what it wrote stays in the future until the clock steps forth.
    mutating func age(by ticks: Int) {
        if age < -Self.tolerance, ticks <= 1 { return }
        age = max(age + ticks, -Self.tolerance - 1)
    }
}

/// The same order of generations, from `start` on, with gaps that are no larger than they need be.
///
/// Generations are only compared, and new ones are newer than all: how far apart two are makes no difference beyond whether
/// there is one between.
struct CompactGenerations {
    private let places: [Int64: Int64]

    init(_ generations: some Sequence<Int64>) {
        var places: [Int64: Int64] = [:]
        var (last, place): (Int64?, Int64) = (nil, 0)
        for generation in Set(generations).sorted() {
            if let last { place += min(generation - last, 2) }
            places[generation] = place
            last = generation
        }
        self.places = places
    }

    subscript(generation: Int64) -> Int64 { places[generation] ?? 0 }
}
