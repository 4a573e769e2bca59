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
        step: @escaping @Sendable (Connection, _ before: EarlierPortions) throws(StoreError) -> Portion<Value>
    ) async throws(StoreError) -> Value {
        let end = ContinuousClock.now + limits.portionedDeadline
        var before = EarlierPortions()
        while true {
            let earlier = before
            switch try await write(step: { connection throws(StoreError) in try step(connection, earlier) }) {
            case .done(let value): return value
            case .more(let ended):
                guard ContinuousClock.now < end else { throw .unavailable }
                before.add(ended)
            }
        }
    }
}
