// SPDX-License-Identifier: Apache-2.0

/// The answer to a ``PasswordCheck``.
package enum PasswordVerdict: Equatable, Sendable {
    /// Another password, an over-long one, or no account.
    case wrong
    /// The right one. `replacement` is the hash to store instead, if the stored one is outdated and could be replaced.
    case right(replacement: PasswordHash?)
}
