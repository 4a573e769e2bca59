// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

extension Session {
    /// The roles asked for at login, as far as `account` still holds them; all of them if none were asked for.
    package func roles(of account: Account) -> Roles {
        guard let asked = roles else { return account.roles }
        return account.roles.intersection(asked)
    }
}
