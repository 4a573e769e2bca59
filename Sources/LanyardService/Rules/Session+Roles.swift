// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardStore

extension Session {
    /// The roles asked for at login, as far as `account` still holds them; all of them if none were asked for.
    func roles(of account: Account) -> [String] {
        guard let asked = roles else { return account.roles }
        return account.roles.filter { role in asked.contains { $0.hasSameBytes(as: role) } }
    }
}
