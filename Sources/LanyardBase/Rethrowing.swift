// SPDX-License-Identifier: Apache-2.0

/// Makes a step, and throws what its failure means to the caller.
///
/// ```swift
/// let account = try await rethrowing(as: AccountError.store, await store.account(id: id))
/// ```
@discardableResult
package func rethrowing<Value, Failure: Error, Meaning: Error>(
    as meaning: (Failure) -> Meaning, _ step: @autoclosure () async throws(Failure) -> Value
) async throws(Meaning) -> Value {
    do throws(Failure) {
        return try await step()
    } catch {
        throw meaning(error)
    }
}
