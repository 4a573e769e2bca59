// SPDX-License-Identifier: Apache-2.0

/// Looks at everything that can happen, breadth first, so that the first trouble that is found is a shortest way to it.
struct Exploration<State: Hashable> {
    /// What can happen in a state: a name for it, and the state after it.
    let moves: (State) -> [(String, State)]
    /// What is wrong with a state, if anything is.
    let trouble: (State) -> String?

    /// What came of an exploration.
    struct Result {
        /// How many states were looked at.
        var states = 0
        /// The least depth at which nothing new is found: everything that can ever happen was looked at.
        var depthOfClosure: Int?
        /// The way to the trouble, if there is any, and then what it is.
        var trace: [String]?
    }

    /// Explores what `start` leads to within `depth` moves.
    func run(from start: State, depth: Int) -> Result {
        var result = Result()
        var origin: [State: Origin] = [start: .start]
        var frontier = [start]
        for level in 0...depth {
            var next: [State] = []
            for state in frontier {
                result.states += 1
                if let trouble = trouble(state) {
                    result.trace = way(to: state, origin) + [trouble]
                    return result
                }
                for (name, successor) in moves(state) where origin[successor] == nil {
                    origin[successor] = .move(name, from: state)
                    next.append(successor)
                }
            }
            if next.isEmpty {
                result.depthOfClosure = level
                return result
            }
            frontier = next
        }
        return result
    }

    /// How a state was come to first.
    private enum Origin {
        case start
        case move(String, from: State)
    }

    private func way(to state: State, _ origins: [State: Origin]) -> [String] {
        var way: [String] = []
        var state = state
        while case .move(let name, let before) = origins[state] {
            way.append(name)
            state = before
        }
        return way.reversed()
    }
}
