// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardPasswords

extension Settings {
    /// Opens the store, with one lane to hash passwords in, for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - use: What the store is opened for.
    ///   - body: Works on the accounts.
    /// - Returns: What `body` returns.
    /// - Throws: A failure of ``withStore(for:notify:_:)``, with status 78 if the memory for a hash
    ///   is not available, or what `body` throws.
    func withAccounts<Value>(
        for use: OpenedStore.Use, _ body: (Accounts) async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let lanes = try passwordLanes(1, queueCapacity: 1)
        defer { _ = lanes.close(within: .seconds(5)) }
        return try await withStore(for: use) { opened throws(Failure) in
            try await body(opened.accounts(hashingIn: lanes))
        }
    }
}
