// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

/// What a step has done of work that may be too much for one transaction.
enum Portion<Value: Sendable>: Sendable {
    /// These sessions have ended, and there are more.
    case more([EndedSession])
    /// All of it.
    case done(Value)
}

/// The sessions that earlier portions of a step have ended.
///
/// Kept apart until the end: to join them with each portion would cost the square of their number.
struct EarlierPortions: Sendable {
    private var portions: [[EndedSession]] = []

    /// Returns all, those of the first portion first.
    func followed(by last: [EndedSession]) -> [EndedSession] { portions.joined() + last }

    mutating func add(_ portion: [EndedSession]) { portions.append(portion) }
}

extension SQLiteStore {
    /// Makes a step as often as it says that there is more to do, each time in a transaction of its own.
    ///
    /// Other calls get their turn in between, and what was committed stays done if a later portion fails: whoever repeats
    /// the call goes on from there. The last portion makes the change that the call is about, so that for an account with
    /// few sessions the call is one step.
    func writeInPortions<Value: Sendable>(
        completion: @escaping Completion<Value>,
        step: @escaping @Sendable (Connection, _ before: EarlierPortions) throws(StoreError) -> Portion<Value>
    ) {
        writePortion(after: EarlierPortions(), until: .now + limits.portionedDeadline, completion, step)
    }

    private func writePortion<Value: Sendable>(
        after before: EarlierPortions, until end: ContinuousClock.Instant, _ completion: @escaping Completion<Value>,
        _ step: @escaping @Sendable (Connection, _ before: EarlierPortions) throws(StoreError) -> Portion<Value>
    ) {
        write(
            completion: { [self] (result: Result<Portion<Value>, StoreError>) in
                switch result {
                case .success(.done(let value)): completion(.success(value))
                case .success(.more(let ended)):
                    guard ContinuousClock.now < end else { return completion(.failure(.unavailable)) }
                    var before = before
                    before.add(ended)
                    writePortion(after: before, until: end, completion, step)
                case .failure(let error): completion(.failure(error))
                }
            }, step: { connection throws(StoreError) in try step(connection, before) })
    }
}
