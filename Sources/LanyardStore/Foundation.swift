// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a store holds about itself: its keys and secrets, all sealed by the master key.
package struct Foundation: Equatable, Sendable {
    /// Whether the store was made by `serve --dev`.
    package var isDevelopment: Bool
    /// The longest access lifetime that any replica has used.
    package var longestAccessLifetime: Duration
    /// How often keys, secrets and the longest access lifetime were changed.
    package var keyVersion: Int64
    /// Signing keys, oldest first.
    package var keys: [KeyRecord]
    /// Secrets, oldest first.
    package var secrets: [SecretRecord]
    /// Whether this call founded the store.
    package var isNew: Bool
    /// The latest time that a server has recorded as its own; `nil` before the first.
    package var clockRecord: UnixTime?

    /// Creates a foundation.
    package init(
        isDevelopment: Bool, longestAccessLifetime: Duration, keyVersion: Int64, keys: [KeyRecord],
        secrets: [SecretRecord], isNew: Bool
    ) {
        self.isDevelopment = isDevelopment
        self.longestAccessLifetime = longestAccessLifetime
        self.keyVersion = keyVersion
        self.keys = keys
        self.secrets = secrets
        self.isNew = isNew
    }
}
