// SPDX-License-Identifier: Apache-2.0

internal import LanyardStore

/// Makes a step of the store, and says what it means for the request if it fails.
@discardableResult
func asServiceError<Value>(
    _ step: @autoclosure () async throws(StoreError) -> Value
) async throws(ServiceError) -> Value {
    do throws(StoreError) {
        return try await step()
    } catch {
        throw ServiceError(error)
    }
}
