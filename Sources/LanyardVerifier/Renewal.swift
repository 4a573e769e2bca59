// SPDX-License-Identifier: Apache-2.0

/// Something that is fetched when it must be: the copy in use, and at most one fetch under way.
///
/// It decides and remembers; time and fetches are handed in, and who holds it guards it.
struct Renewal<Value: Sendable, Failure: Error>: Sendable {
    /// A fetch under way, with what it will bring.
    typealias Flight = Task<Result<Value, Failure>, Never>

    /// What was fetched last, and when.
    struct Copy: Sendable {
        let value: Value
        let fetchedAt: Duration
    }

    /// How badly a fetch is needed.
    enum Need {
        /// The copy is good.
        case none
        /// The copy can be used while a new one is fetched.
        case soon
        /// The copy, if there is one, is only for want of a new one.
        case now
    }

    /// What to do.
    enum Step {
        case use(Value)
        /// Wait for the fetch; if it fails, there may be a copy.
        case wait(Flight, copy: Value?)
        /// Do without a fetch: the last one was too short a time ago.
        case fallBack(copy: Value?)
    }

    private(set) var copy: Copy?
    /// Why the last fetch that has ended brought nothing; `nil` if it brought something.
    private(set) var lastFailure: Failure?
    private var lastFetch: Duration?
    private var flight: Flight?

    /// Returns how old the copy is, if there is one.
    func age(at now: Duration) -> Duration? { copy.map { now - $0.fetchedAt } }

    /// Forgets the copy.
    mutating func dropCopy() { copy = nil }

    /// Decides what to do, and starts a fetch if one is needed, none is under way and `interval` has gone since the last.
    mutating func step(_ need: Need, at now: Duration, interval: Duration, fetch: () -> Flight) -> Step {
        if let copy, need == .none { return .use(copy.value) }
        if flight == nil, lastFetch.map({ now - $0 >= interval }) ?? true {
            lastFetch = now
            flight = fetch()
        }
        if let copy, need == .soon { return .use(copy.value) }
        guard let flight else { return .fallBack(copy: copy?.value) }
        return .wait(flight, copy: copy?.value)
    }

    /// Ends the flight with a new copy or without.
    mutating func land(_ result: Result<Value, Failure>, at now: Duration) {
        flight = nil
        switch result {
        case .success(let value):
            copy = Copy(value: value, fetchedAt: now)
            lastFailure = nil
        case .failure(let failure):
            lastFailure = failure
        }
    }
}
