// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

/// What a step has done of work that may be too much for one transaction.
enum Portion<Value: Sendable>: Sendable {
    /// Some of the sessions have ended, these and those of earlier portions, and there are more.
    case more([EndedSession])
    /// All of it.
    case done(Value)
}

extension SQLiteStore {
    /// Makes a step as often as it says that there is more to do, each time in a transaction of its own.
    ///
    /// Other calls get their turn in between, and what was committed stays done if a later portion fails: whoever repeats
    /// the call goes on from there. The last portion makes the change that the call is about, so that for an account with
    /// few sessions the call is one step.
    func writeInPortions<Value: Sendable>(
        completion: @escaping Completion<Value>,
        step: @escaping @Sendable (Connection, _ ended: [EndedSession]) throws(StoreError) -> Portion<Value>
    ) {
        writePortion(after: [], until: .now + limits.portionedDeadline, completion, step)
    }

    private func writePortion<Value: Sendable>(
        after ended: [EndedSession], until end: ContinuousClock.Instant, _ completion: @escaping Completion<Value>,
        _ step: @escaping @Sendable (Connection, _ ended: [EndedSession]) throws(StoreError) -> Portion<Value>
    ) {
        write(
            completion: { [self] (result: Result<Portion<Value>, StoreError>) in
                switch result {
                case .success(.done(let value)): completion(.success(value))
                case .success(.more(let ended)):
                    guard ContinuousClock.now < end else { return completion(.failure(.unavailable)) }
                    writePortion(after: ended, until: end, completion, step)
                case .failure(let error): completion(.failure(error))
                }
            }, step: { connection throws(StoreError) in try step(connection, ended) })
    }
}
