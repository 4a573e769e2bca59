// SPDX-License-Identifier: Apache-2.0

/// Why there is no hash.
package enum PasswordLanesError: Error, Equatable, Sendable {
    /// Every lane is busy and the queue has no place for more.
    case overloaded
    /// The lanes are closed, or were while the request waited.
    case closed
    /// The hash could not be computed.
    case hash(PasswordHashError)
}
