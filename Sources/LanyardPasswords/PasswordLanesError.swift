// SPDX-License-Identifier: Apache-2.0

/// Why a request to hash that was accepted has no result.
package enum PasswordLanesError: Error, Equatable, Sendable {
    /// The lanes were closed while it waited.
    case closed
    /// The hash could not be computed.
    case hash(PasswordHashError)
}
