// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// What is stored instead of a password: a scheme and the digest that the right password gives under it.
package struct PasswordHash: Equatable, Sendable {
    /// The function, its cost and its salt.
    package let scheme: PasswordScheme
    /// What the scheme made of the password.
    let digest: [UInt8]

    /// The lengths of salts that are read, in bytes.
    static let saltLengths = 8...48
    /// The lengths of digests that are read, in bytes.
    static let digestLengths = 12...64

    /// What decides how long a check against this hash takes.
    package var kind: PasswordHashKind { PasswordHashKind(of: self) }

    init(scheme: PasswordScheme, digest: [UInt8]) {
        self.scheme = scheme
        self.digest = digest
    }

    /// Hashes a password of a command, on the calling thread; a server does it in ``PasswordLanes``.
    ///
    /// - Parameters:
    ///   - password: What the policy accepted.
    ///   - parameters: What the hash costs.
    ///   - salt: Random bytes, ``PasswordScheme/saltLength`` of them.
    /// - Throws: ``PasswordHashError/outOfMemory`` or ``PasswordHashError/library(code:)``.
    package init(
        of password: NewPassword, parameters: Argon2Parameters, salt: [UInt8]
    ) throws(PasswordHashError) {
        try self.init(password.bytes, parameters: parameters, salt: salt, derive: PasswordScheme.derivation)
    }

    init(
        _ password: Secret<[UInt8]>, parameters: Argon2Parameters, salt: [UInt8], derive: PasswordDerivation
    ) throws(PasswordHashError) {
        precondition(salt.count == PasswordScheme.saltLength)
        scheme = .argon2id(parameters, salt: salt)
        digest = try derive(password, scheme, PasswordScheme.digestLength)
    }

    /// Returns whether `password` is the one that was hashed.
    ///
    /// An over-long password costs the same and is wrong.
    ///
    /// - Throws: ``PasswordHashError/outOfMemory`` or ``PasswordHashError/library(code:)``.
    package func verify(_ password: Password) throws(PasswordHashError) -> Bool {
        try verify(password, derive: PasswordScheme.derivation)
    }

    func verify(_ password: Password, derive: PasswordDerivation) throws(PasswordHashError) -> Bool {
        let bytes = password.normalizedBytes()
        let derived = try derive(Secret(bytes ?? []), scheme, digest.count)
        return isEqualInConstantTime(derived, digest) && bytes != nil
    }

    /// Returns whether this hash is other than one made now: of another scheme, cost, or length of salt or digest.
    ///
    /// A costlier one counts too: only when all hashes cost the same does an account that does not exist cost what
    /// others do.
    package func needsRehash(under parameters: Argon2Parameters) -> Bool {
        switch scheme {
        case .argon2id(let stored, let salt):
            stored != parameters || salt.count != PasswordScheme.saltLength
                || digest.count != PasswordScheme.digestLength
        }
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    /// The scheme's name, without salt and digest.
    package var description: String {
        switch scheme {
        case .argon2id: "argon2id"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
