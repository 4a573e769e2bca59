// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// A way to derive a digest from a password: a function with its cost and its salt.
///
/// Everything of a stored hash but the digest. A further format is a further case.
package enum PasswordScheme: Equatable, Sendable {
    /// Argon2id, version 0x13 (RFC 9106); the salt has 8 to 48 bytes.
    case argon2id(Argon2Parameters, salt: [UInt8])

    /// The length of the salts made here, in bytes.
    package static let saltLength = 16
    /// The length of the digests made here, in bytes.
    package static let digestLength = 32

    /// Derives `length` bytes from the bytes of a password.
    ///
    /// Takes as long as the scheme costs: never call it on an event loop.
    ///
    /// - Throws: ``PasswordHashError/outOfMemory`` or ``PasswordHashError/library(code:)``.
    package func derive(_ password: Secret<[UInt8]>, length: Int) throws(PasswordHashError) -> [UInt8] {
        switch self {
        case .argon2id(let parameters, let salt):
            try deriveWithArgon2id(password.reveal(), salt: salt, parameters: parameters, length: length)
        }
    }
}

/// What computes a digest of `length` bytes; ``PasswordScheme/derive(_:length:)``, unless a test counts.
package typealias PasswordDerivation =
    @Sendable (_ password: Secret<[UInt8]>, _ scheme: PasswordScheme, _ length: Int) throws(PasswordHashError) ->
    [UInt8]

extension PasswordScheme {
    /// The derivation itself.
    package static let derivation: PasswordDerivation = {
        (password, scheme, length) throws(PasswordHashError) -> [UInt8] in
        try scheme.derive(password, length: length)
    }
}
