// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardPasswords
internal import LanyardStore

extension AccountStore {
    /// Returns the account that logs in with `name`.
    ///
    /// - Throws: ``AccountError/notFound``, also for a name that no account can have, or
    ///   ``AccountError/store(_:)``.
    func account(named name: String) async throws(AccountError) -> Account {
        guard let name = try? AccountName(presented: name),
            let account = try await rethrowing(as: AccountError.store, await account(nameKey: name.key))
        else { throw .notFound }
        return account
    }
}
