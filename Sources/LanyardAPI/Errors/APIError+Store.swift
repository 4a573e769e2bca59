// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardStore

/// Makes a step of the store, and says what it means for the request if it fails.
@discardableResult
func asAPIError<Value>(
    _ step: @autoclosure () async throws(StoreError) -> Value
) async throws(APIError) -> Value {
    try await rethrowing(as: { (error: StoreError) in APIError(error) }, await step())
}
