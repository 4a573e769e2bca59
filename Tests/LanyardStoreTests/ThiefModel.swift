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
        /// How often it was one party's turn and then the other's.
        var turns = 0
        /// Ticks since anybody refreshed.
        var rest = 0
        var isOver = false
    }

    var exploration: Exploration<World> {
        Exploration(
            moves: moves,
            trouble: { $0.turns >= 3 && !$0.isOver ? "both go on after one, the other, and the first again" : nil })
    }

    private func moves(_ world: World) -> [(String, World)] {
        guard !world.isOver, world.turns < 3 else { return [] }
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
        var later = world
        later.row.age += 1
        later.rest += 1
        moves.append(("a tick", later))
        for step in clockSteps {
            var stepped = world
            stepped.row.age += step
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
        guard let outcome = rules.outcome(of: decision, on: world.row, generation: generation) else {
            world.isOver = true
            return world
        }
        world.row = outcome.row
        guard isAnswered else { return world }
        if party == .honest { world.honest = outcome.answer } else { world.thief = outcome.answer }
        return world
    }

    /// The one form of all worlds that differ in nothing that matters.
    private func normal(_ world: World) -> World {
        var world = world
        let generations = CompactGenerations(
            [world.row.current, world.row.previous, world.honest, world.thief].compactMap(\.self))
        world.row = ModelRow(
            current: generations[world.row.current], previous: generations[world.row.previous],
            age: min(world.row.age, grace))
        world.rest = min(world.rest, grace)
        world.honest = generations[world.honest]
        world.thief = world.thief.map { generations[$0] }
        return world
    }
}
