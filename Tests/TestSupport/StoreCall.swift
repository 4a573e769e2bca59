// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// Makes one call of a store and waits for its answer.
///
/// A second answer ends the process, and the store's own deadline ends the wait.
///
/// ```swift
/// let account = try await call { store.account(id: "alice", completion: $0) }
/// ```
package func call<Value: Sendable>(
    _ begin: (@escaping @Sendable (Result<Value, StoreError>) -> Void) -> Void
) async throws(StoreError) -> Value {
    let result = await withCheckedContinuation { continuation in
        begin { result in continuation.resume(returning: result) }
    }
    return try result.get()
}
