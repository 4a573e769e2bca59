// SPDX-License-Identifier: Apache-2.0

/// What an empty store is given.
package struct Founding: Equatable, Sendable {
    /// Whether the store is made by `serve --dev`.
    package var isDevelopment: Bool
    /// The first signing keys.
    package var keys: [KeyRecord]
    /// The first secrets.
    package var secrets: [SecretRecord]

    /// Creates a founding.
    package init(isDevelopment: Bool, keys: [KeyRecord], secrets: [SecretRecord]) {
        self.isDevelopment = isDevelopment
        self.keys = keys
        self.secrets = secrets
    }
}
