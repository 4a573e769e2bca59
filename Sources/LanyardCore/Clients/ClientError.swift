// SPDX-License-Identifier: Apache-2.0

package import LanyardStore

/// Why a service client was not added or removed.
package enum ClientError: Error, Equatable, Sendable {
    // Theirs.

    /// The name is not 1 to 64 of `A-Za-z0-9._:-`.
    case invalidName
    /// The name is that of the client of all logins.
    case reservedName
    /// A role is not 1 to 64 of `A-Za-z0-9._:-`.
    case invalidRole(String)
    /// The roles are too long for an access token.
    case tooLarge(limitBytes: Int)
    /// Another client has the name, or an account has it as its id.
    case nameTaken
    /// No client has this name.
    case notFound

    // The world's.

    /// The store did not do its step.
    case store(StoreError)
}
