// SPDX-License-Identifier: Apache-2.0

/// An honest client, and a thief who has copied its refresh token at some time.
struct ThiefModel {
    var rules = RefreshRules.real
    /// In ticks.
    var grace = 3
    /// By how many ticks the clock may be set forth, at any time; back, and two refreshes a grace apart would not be so.
    var clockSteps: [Int] = []
    /// Whether two refreshes after the theft are a grace apart.
    var waits = true
    /// How many of its last commits the store can lose at any time, any number of times.
    var losses = 0

    /// Who refreshes.
    enum Party: String {
        case honest, thief
    }

    /// Everything that matters of a moment.
    struct World: Hashable {
        var row = ModelRow()
        var honest: Int64 = 1
        /// The thief's token, once it is stolen.
        var thief: Int64?
        /// Who refreshed last after the theft.
        var last: Party?
        /// How often it was one party's turn and then the other's, since commits were last lost.
        var turns = 0
        /// What the store held before its last commits, oldest first.
        var earlier: [ModelRow] = []
        /// Whether commits were lost, which buys both parties one more turn.
        var hasLost = false
        /// Ticks since anybody refreshed.
        var rest = 0
        var isOver = false
    }

    var exploration: Exploration<World> {
        Exploration(
            moves: moves,
            trouble: { world in
                guard world.turns >= world.limit, !world.isOver else { return nil }
                return "both go on after one, the other, and the first again"
            })
    }

    private func moves(_ world: World) -> [(String, World)] {
        guard !world.isOver, world.turns < world.limit else { return [] }
        var moves: [(String, World)] = []
        if world.thief == nil {
            var stolen = world
            stolen.thief = world.honest
            moves.append(("the thief copies \(world.honest)", stolen))
            moves.append(("honest \(world.honest) is answered", refresh(.honest, in: world, isAnswered: true)))
            moves.append(("honest \(world.honest): the answer is lost", refresh(.honest, in: world, isAnswered: false)))
        } else if world.rest >= grace || !waits {
            for party in [Party.honest, .thief] {
                moves.append((party.rawValue, refresh(party, in: world, isAnswered: true)))
            }
        }
        for index in world.earlier.indices {
            var lost = world
            lost.row = world.earlier[index]
            lost.earlier = Array(world.earlier.prefix(index))
            (lost.turns, lost.last, lost.hasLost) = (0, nil, true)
            moves.append(("the store loses \(world.earlier.count - index) commits", lost))
        }
        var later = world
        later.age(by: 1)
        later.rest += 1
        moves.append(("a tick", later))
        for step in clockSteps {
            var stepped = world
            stepped.age(by: step)
            moves.append(("the clock steps by \(step)", stepped))
        }
        return moves.map { ($0.0, normal($0.1)) }
    }

    private func refresh(_ party: Party, in world: World, isAnswered: Bool) -> World {
        var world = world
        let generation = party == .honest ? world.honest : world.thief ?? world.honest
        let decision = rules.decision(on: world.row, generation: generation, grace: grace)
        world.rest = 0
        if world.thief != nil, world.last != party {
            world.last = party
            world.turns += 1
        }
        let outcome = rules.outcome(of: decision, on: world.row, generation: generation, trustsClock: true)
        guard let outcome else {
            world.isOver = true
            return world
        }
        if outcome.row != world.row {
            world.earlier = (world.earlier + [world.row]).suffix(losses)
            world.row = outcome.row
        }
        guard isAnswered else { return world }
        if party == .honest { world.honest = outcome.answer } else { world.thief = outcome.answer }
        return world
    }

    /// The one form of all worlds that differ in nothing that matters.
    private func normal(_ world: World) -> World {
        var world = world
        let stored = (world.earlier + [world.row]).flatMap { [$0.current, $0.previous] }
        let generations = CompactGenerations(stored + [world.honest, world.thief].compactMap(\.self))
        func normal(_ row: ModelRow) -> ModelRow {
            ModelRow(
                current: generations[row.current], previous: generations[row.previous], age: min(row.age, grace))
        }
        world.row = normal(world.row)
        world.earlier = world.earlier.map(normal)
        world.rest = min(world.rest, grace)
        world.honest = generations[world.honest]
        world.thief = world.thief.map { generations[$0] }
        return world
    }
}

extension ThiefModel.World {
    /// The number of turns with which the session has ended.
    var limit: Int { hasLost ? 4 : 3 }

    /// Lets time pass, or the clock step.
    mutating func age(by ticks: Int) {
        row.age(by: ticks)
        for index in earlier.indices { earlier[index].age(by: ticks) }
    }
}
