// SPDX-License-Identifier: Apache-2.0

/// Why the sealed rows of a store give no working keys.
package enum KeyringError: Error, Equatable, Sendable {
    /// Another master key made the seals.
    case wrongMasterKey
    /// A seal was changed, or moved to another row.
    case damagedSeal(row: String)
    /// A row opened to something that is not what it should hold.
    case damagedKey(id: String)
    /// The store holds no key that signs, or lacks a secret.
    case incomplete
}
