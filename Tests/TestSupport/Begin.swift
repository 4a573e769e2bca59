// SPDX-License-Identifier: Apache-2.0

/// Makes a call and goes on without waiting for it; `tell` gets its result where the callee resumes it.
///
/// Calls that are begun one after the other are submitted in that order.
///
/// ```swift
/// begin { try await store.add(alice) } tell: { answers.put($0) }
/// ```
package func begin<Value: Sendable, Failure: Error>(
    _ call: @escaping @Sendable () async throws -> Value,
    tell: @escaping @Sendable (Result<Value, Failure>) -> Void
) {
    Task(executorPreference: ImmediateExecutor.shared) {
        do {
            tell(.success(try await call()))
        } catch let error as Failure {
            tell(.failure(error))
        } catch {
            preconditionFailure("the call throws something else: \(error)")
        }
    }
}

/// Makes a call and goes on without waiting for it, whatever its result.
package func begin<Value: Sendable>(_ call: @escaping @Sendable () async throws -> Value) {
    begin(call) { (_: Result<Value, any Error>) in }
}
