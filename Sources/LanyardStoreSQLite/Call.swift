// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// A call of the store that waits for its turn on a ``Lane``, or has it.
protocol PendingCall: AnyObject, Sendable {
    /// When the call is answered at the latest.
    var deadline: ContinuousClock.Instant { get }
    /// Whether the call makes the store if there is none; it then has a transaction for itself.
    var isFounding: Bool { get }
    /// Whether the call has not been answered.
    var isPending: Bool { get }

    /// Makes the step and keeps its result; throws what the step throws.
    func run(on connection: Connection) throws(StoreError)
    /// Answers with the result of the step.
    func finish()
    /// Answers with what the call answers if there is no store.
    func finishWithoutStore()
    /// Answers with `error`.
    func fail(_ error: StoreError)
}

/// A step, and whom to tell about it.
///
/// The first answer counts; later ones are dropped.
final class Call<Value: Sendable>: PendingCall {
    let deadline: ContinuousClock.Instant
    let isFounding: Bool
    private let step: @Sendable (Connection) throws(StoreError) -> Value
    private let withoutStore: Result<Value, StoreError>
    private let state: Guarded<State>

    private struct State {
        var completion: (@Sendable (Result<Value, StoreError>) -> Void)?
        var result: Result<Value, StoreError> = .failure(.unavailable)
    }

    init(
        deadline: ContinuousClock.Instant, isFounding: Bool = false,
        withoutStore: Result<Value, StoreError> = .failure(.unavailable),
        completion: @escaping @Sendable (Result<Value, StoreError>) -> Void,
        step: @escaping @Sendable (Connection) throws(StoreError) -> Value
    ) {
        self.deadline = deadline
        self.isFounding = isFounding
        self.withoutStore = withoutStore
        self.step = step
        state = Guarded(State(completion: completion))
    }

    var isPending: Bool { state.withLock { $0.completion != nil } }

    func run(on connection: Connection) throws(StoreError) {
        do throws(StoreError) {
            let value = try step(connection)
            state.withLock { $0.result = .success(value) }
        } catch {
            state.withLock { $0.result = .failure(error) }
            throw error
        }
    }

    func finish() { answer(nil) }
    func finishWithoutStore() { answer(withoutStore) }
    func fail(_ error: StoreError) { answer(.failure(error)) }

    private func answer(_ result: Result<Value, StoreError>?) {
        let (completion, own) = state.withLock { state in
            defer { state.completion = nil }
            return (state.completion, state.result)
        }
        completion?(result ?? own)
    }
}
