// SPDX-License-Identifier: Apache-2.0

import LanyardStore

/// A client, a network that loses, delays and reorders, and the servers of one session.
struct RefreshModel {
    var rules = RefreshRules.real
    /// In ticks.
    var grace = 4
    /// How many refreshes of the client can be in flight.
    var flights = 1
    /// A refresh takes less than so many ticks, and is answered; `nil` for one that may take for ever and get lost.
    var duration: Int?
    /// How the client keeps tokens.
    var keeping = Keeping.newest
    /// By how many ticks the clock may be set back or forth, at any time.
    ///
    /// A step back by more than ``ModelRow/tolerance`` leaves a time that a wrong clock has written.
    var clockSteps: [Int] = []
    /// Whether the clock is trusted to correct such a time.
    var trustsClock = true
    /// How many of its last commits the store can lose at any time, any number of times.
    var losses = 0

    /// How a client keeps the tokens that it is answered.
    enum Keeping {
        /// Whatever the last answer set, as a browser does with cookies; an answer may set none.
        case cookie
        /// That of the highest generation.
        case newest
    }

    /// Everything that matters of a moment.
    struct World: Hashable {
        var row = ModelRow()
        /// What the store held before its last commits, oldest first.
        var earlier: [ModelRow] = []
        /// The generation that the client would send.
        var token: Int64 = 1
        var flights: [Flight] = []
        var isOver = false
    }

    /// A refresh on its way.
    struct Flight: Hashable, Comparable {
        var generation: Int64
        var phase = Phase.asking
        /// In ticks.
        var age = 0
        /// Whether the client has given up on it and closed the connection.
        var isForsaken = false

        static func < (one: Flight, other: Flight) -> Bool { one.key.lexicographicallyPrecedes(other.key) }

        private var key: [Int64] {
            let place: [Int64] =
                switch phase {
                case .asking: [0]
                case .deciding(let row): [1, row.current, row.previous, Int64(row.age)]
                case .answered(let answer, let sets): [2, answer, sets ? 1 : 0]
                case .lost: [3]
                }
            return [generation, Int64(age), isForsaken ? 1 : 0] + place
        }
    }

    /// How far a refresh has come.
    enum Phase: Hashable {
        case asking
        /// A server has read the row and decided.
        case deciding(ModelRow)
        case answered(Int64, setsCookie: Bool)
        case lost
    }

    var exploration: Exploration<World> {
        Exploration(moves: moves, trouble: { $0.isOver ? "an honest client is logged out" : nil })
    }

    func moves(_ world: World) -> [(String, World)] {
        var moves: [(String, World)] = []
        // One that was forsaken may be on its way beside.
        if world.flights.count(where: { !$0.isForsaken }) < flights, world.flights.count <= flights {
            moves.append(("sends \(world.token)", world.changed { $0.flights.append(Flight(generation: $0.token)) }))
        }
        for (index, flight) in world.flights.enumerated() { moves += self.moves(of: flight, index, in: world) }
        if let later = tick(world) { moves.append(("a tick", later)) }
        for step in clockSteps where canTick(world) {
            moves.append(("the clock steps by \(step)", world.changed { $0.age(by: step) }))
        }
        if canTick(world) {
            for index in world.earlier.indices {
                let count = world.earlier.count - index
                moves.append(("the store loses \(count) commits", world.changed { $0.lose(from: index) }))
            }
        }
        return moves.map { ($0.0, normal($0.1)) }
    }

    private func moves(of flight: Flight, _ index: Int, in world: World) -> [(String, World)] {
        let name = flight.generation
        var moves: [(String, World)] = []
        switch flight.phase {
        case .asking:
            moves.append(
                ("a server reads for \(name)", world.changed { $0.flights[index].phase = .deciding($0.row) }))
            if duration == nil { moves.append(("\(name) is lost", world.losing(index))) }
        case .deciding(let row):
            moves.append(("a server decides \(name)", decide(index, on: row, in: world)))
        case .answered(let answer, let sets):
            moves.append(("\(name) is answered \(answer)", deliver(index, answer, sets, in: world)))
            if duration == nil { moves.append(("answer \(answer) is lost", world.losing(index))) }
        case .lost:
            break
        }
        if duration == nil, !flight.isForsaken {
            moves.append(("the client gives up on \(name)", giveUp(index, in: world)))
        }
        return moves
    }

    private func decide(_ index: Int, on row: ModelRow, in world: World) -> World {
        let flight = world.flights[index]
        return world.changed { world in
            guard row == world.row else {
                // The row has moved: from the beginning, with another look at whether the client is still there.
                if flight.isForsaken, rules.dropsForsaken {
                    world.flights.remove(at: index)
                } else {
                    world.flights[index].phase = .asking
                }
                return
            }
            let decision = rules.decision(on: row, generation: flight.generation, grace: grace)
            let outcome = rules.outcome(
                of: decision, on: row, generation: flight.generation, trustsClock: trustsClock)
            guard let outcome else {
                world.isOver = true
                return
            }
            if outcome.row != row {
                world.earlier = (world.earlier + [row]).suffix(losses)
                world.row = outcome.row
            }
            if flight.isForsaken {
                world.flights.remove(at: index)
            } else {
                let sets = rules.setsCookie(decision)
                world.flights[index].phase = .answered(outcome.answer, setsCookie: sets)
            }
        }
    }

    private func deliver(_ index: Int, _ answer: Int64, _ setsCookie: Bool, in world: World) -> World {
        world.changed { world in
            switch keeping {
            case .cookie: if setsCookie { world.token = answer }
            case .newest: world.token = max(world.token, answer)
            }
            world.flights.remove(at: index)
        }
    }

    private func giveUp(_ index: Int, in world: World) -> World {
        world.changed { world in
            switch world.flights[index].phase {
            // A server has looked whether the client is there, and goes on without it.
            case .deciding: world.flights[index].isForsaken = true
            case .asking where !rules.dropsForsaken: world.flights[index].isForsaken = true
            case .asking, .answered, .lost: world.flights.remove(at: index)
            }
        }
    }

    private func tick(_ world: World) -> World? {
        guard canTick(world) else { return nil }
        if let duration, world.flights.contains(where: { $0.age + 1 >= duration }) { return nil }
        return world.changed { world in
            world.age(by: 1)
            guard duration != nil else { return }
            for index in world.flights.indices { world.flights[index].age += 1 }
        }
    }

    /// A server takes no tick from its look at the connection to its decision.
    private func canTick(_ world: World) -> Bool {
        !world.flights.contains { if case .deciding = $0.phase { true } else { false } }
    }

    /// The same world in the one form that stands for all that differ in nothing that matters.
    private func normal(_ world: World) -> World {
        let generations = CompactGenerations(world.generations)
        func normal(_ row: ModelRow) -> ModelRow {
            // What is older than the grace is as old as the grace.
            ModelRow(
                current: generations[row.current], previous: generations[row.previous], age: min(row.age, grace))
        }
        return world.changed { world in
            world.row = normal(world.row)
            world.earlier = world.earlier.map(normal)
            world.token = generations[world.token]
            for index in world.flights.indices {
                world.flights[index].generation = generations[world.flights[index].generation]
                switch world.flights[index].phase {
                case .deciding(let row): world.flights[index].phase = .deciding(normal(row))
                case .answered(let answer, let sets):
                    world.flights[index].phase = .answered(generations[answer], setsCookie: sets)
                case .asking, .lost: break
                }
            }
            world.flights.sort()
        }
    }
}

extension RefreshModel.World {
    fileprivate func changed(_ change: (inout Self) -> Void) -> Self {
        var world = self
        change(&world)
        return world
    }

    /// Lets time pass, or the clock step, which changes the age of all that is stored.
    fileprivate mutating func age(by ticks: Int) {
        row.age(by: ticks)
        for index in earlier.indices { earlier[index].age(by: ticks) }
    }

    /// Puts the store back to what it held at `index` of ``earlier``.
    fileprivate mutating func lose(from index: Int) {
        row = earlier[index]
        earlier = Array(earlier.prefix(index))
    }

    fileprivate var generations: [Int64] {
        var generations = [row.current, row.previous, token] + earlier.flatMap { [$0.current, $0.previous] }
        for flight in flights {
            generations.append(flight.generation)
            switch flight.phase {
            case .deciding(let row): generations += [row.current, row.previous]
            case .answered(let answer, _): generations.append(answer)
            case .asking, .lost: break
            }
        }
        return generations
    }

    fileprivate func losing(_ index: Int) -> Self { changed { $0.flights[index].phase = .lost } }
}
