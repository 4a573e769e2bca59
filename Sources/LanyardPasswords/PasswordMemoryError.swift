// SPDX-License-Identifier: Apache-2.0

/// Why password lanes could not be created.
package enum PasswordMemoryError: Error, Equatable, Sendable {
    /// The system does not provide the memory that all lanes together need.
    case unavailable(bytes: Int)
}
