// SPDX-License-Identifier: Apache-2.0

/// Why a stored hash cannot be used, or a hash cannot be computed.
package enum PasswordHashError: Error, Equatable, Sendable {
    /// Not the form that its scheme is written in.
    case malformed(PasswordHashPart)
    /// Written in a scheme that is not read here.
    case unsupportedScheme
    /// Written in another version of Argon2 than 0x13.
    case unsupportedVersion
    /// More work or memory than a stored hash may ask for, or less than the function can be run with.
    case costOutOfRange
    /// No memory to compute it in.
    case outOfMemory
    /// The library refused for another reason, by its own code.
    case library(code: Int32)
}

/// A part of a stored hash.
package enum PasswordHashPart: Equatable, Sendable {
    /// The fields and their number.
    case structure
    /// `v=19`.
    case version
    /// `m=…,t=…,p=…`.
    case parameters
    /// The salt, 8 to 48 bytes in base64.
    case salt
    /// The digest, 12 to 64 bytes in base64.
    case digest
}
