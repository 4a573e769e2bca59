// SPDX-License-Identifier: Apache-2.0

import Testing

/// The promises of the contract, section 6, under their conditions, in all that can happen; and weakened rules, which must
/// break them.
///
/// One at a time: each keeps a core busy, and other tests of this process wait for theirs.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `The model of refreshing` {
    /// One refresh in flight at a time; requests and answers get lost or late, the client gives up, clocks step by a little or
    /// by days, the store loses commits.
    static let alone = [
        RefreshModel(grace: 2, clockSteps: [-2, 2]),
        RefreshModel(grace: 1, clockSteps: [-1], losses: 1),
        RefreshModel(grace: 2, clockSteps: [-1_000, 1_000], losses: 2),
        RefreshModel(grace: 2, clockSteps: [-1_000, 1_000], trustsClock: false, losses: 2),
    ]

    /// Two or three refreshes in flight, each of which takes less than half the grace and gets its answer; clocks that were
    /// days ahead are put right, the store loses commits.
    static let sideBySide = [RefreshModel.Keeping.cookie, .newest].flatMap { keeping in
        [
            RefreshModel(grace: 6, flights: 3, duration: 3, keeping: keeping, losses: 1),
            RefreshModel(grace: 4, flights: 2, duration: 2, keeping: keeping, clockSteps: [-1_000], losses: 2),
            RefreshModel(grace: 4, flights: 3, duration: 2, keeping: keeping, clockSteps: [-1_000], losses: 1),
            RefreshModel(
                grace: 4, flights: 3, duration: 2, keeping: keeping, clockSteps: [-1_000], trustsClock: false,
                losses: 1),
        ]
    }

    /// The same without clocks and losses, for what goes wrong without them.
    static let sideBySideInPeace = [RefreshModel.Keeping.cookie, .newest].map { keeping in
        RefreshModel(grace: 6, flights: 3, duration: 3, keeping: keeping)
    }

    private func expectNoTrouble(_ result: Exploration<RefreshModel.World>.Result, states: Int) {
        #expect(result.trace == nil)
        #expect(result.depthOfClosure != nil, "everything that can ever happen was looked at")
        #expect(result.states > states, "only \(result.states) states: the model does next to nothing")
    }

    @Test(arguments: alone.indices)
    func `never logs out a client with one refresh in flight`(index: Int) {
        expectNoTrouble(Self.alone[index].exploration.run(from: .init(), depth: 200), states: 1_000)
    }

    @Test(arguments: sideBySide.indices)
    func `never logs out a client whose refreshes are quick, whatever the order of their answers`(index: Int) {
        expectNoTrouble(Self.sideBySide[index].exploration.run(from: .init(), depth: 200), states: 1_000)
    }

    @Test func `never logs out a client without grace that has one refresh in flight`() {
        var model = Self.alone[2]
        model.grace = 0
        expectNoTrouble(model.exploration.run(from: .init(), depth: 200), states: 100)
    }

    @Test(arguments: [(0, [], 0), (0, [3], 2), (3, [], 0), (3, [3], 0), (3, [], 2), (3, [3], 1)])
    func `ends the session that a thief and an honest client share`(grace: Int, clockSteps: [Int], losses: Int) {
        let model = ThiefModel(grace: grace, clockSteps: clockSteps, losses: losses)
        let result = model.exploration.run(from: .init(), depth: 200)
        #expect(result.trace == nil)
        #expect(result.depthOfClosure != nil)
        #expect(result.states > 20)
    }

    // MARK: The model finds what it looks for

    private func expectTrouble<State: Hashable>(_ exploration: Exploration<State>, _ start: State) {
        let result = exploration.run(from: start, depth: 60)
        #expect(result.trace != nil, "\(result.states) states, and nothing was found")
    }

    @Test func `finds an honest client logged out by refreshes side by side`() {
        for var model in Self.sideBySideInPeace {
            model.rules = .alwaysRotate
            expectTrouble(model.exploration, .init())
        }
    }

    @Test func `finds that a late answer of keep would overwrite a newer cookie`() {
        var model = Self.sideBySideInPeace[0]
        model.rules = .keepSetsTheCookie
        expectTrouble(model.exploration, .init())
    }

    @Test func `finds a grace that is shorter than two round trips`() {
        for var model in Self.sideBySideInPeace {
            model.duration = 7
            expectTrouble(model.exploration, .init())
        }
    }

    @Test(arguments: [RefreshRules.forsakenArriveLate, .noRowForAhead])
    func `finds an honest client logged out that is alone`(rules: RefreshRules) {
        var model = Self.alone[2]
        model.rules = rules
        expectTrouble(model.exploration, .init())
    }

    @Test func `finds a tab that is logged out after lost commits if ahead rotates`() {
        for var model in Self.sideBySideInPeace {
            model.rules = .aheadRotates
            model.losses = 1
            expectTrouble(model.exploration, .init())
        }
    }

    @Test func `finds a thief who goes on for ever`() {
        expectTrouble(ThiefModel(rules: .recoverDoesNotVoid).exploration, .init())
    }

    @Test func `finds that a thief within the grace goes unnoticed, unless there is none`() {
        // The condition of the promise left out: both refresh at any time.
        expectTrouble(ThiefModel(rules: .real, grace: 3, waits: false).exploration, .init())
        let result = ThiefModel(rules: .real, grace: 0, waits: false).exploration.run(from: .init(), depth: 200)
        #expect(result.trace == nil)
    }
}
