// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension Accounts {
    /// Returns all accounts in the order of their names, to be read a page at a time.
    package func pages() -> Pages<Account, AccountError> {
        Pages { (last, limit) async throws(AccountError) in
            try await accounts(after: last?.nameKey, limit: limit)
        }
    }
}
