// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// Makes a step of the store, and says what it means for the request if it fails.
@discardableResult
func asServiceError<Value>(
    _ step: @autoclosure () async throws(StoreError) -> Value
) async throws(ServiceError) -> Value {
    try await rethrowing(as: { (error: StoreError) in ServiceError(error) }, await step())
}
