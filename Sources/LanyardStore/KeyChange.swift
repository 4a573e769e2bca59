// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What is written to the keys and secrets of a store in one step.
package struct KeyChange: Equatable, Sendable {
    /// Keys that are added, or stored anew where one with the same `kid` is.
    package var keys: [KeyRecord]
    /// The `kid` of keys whose last trace is removed.
    package var removedKeys: [KeyID]
    /// Secrets that are added, or stored anew where one with the same id is.
    package var secrets: [SecretRecord]
    /// The ids of secrets that are removed.
    package var removedSecrets: [KeyID]

    /// Creates a change.
    package init(
        keys: [KeyRecord] = [], removedKeys: [KeyID] = [], secrets: [SecretRecord] = [],
        removedSecrets: [KeyID] = []
    ) {
        self.keys = keys
        self.removedKeys = removedKeys
        self.secrets = secrets
        self.removedSecrets = removedSecrets
    }
}
