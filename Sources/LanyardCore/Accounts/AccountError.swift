// SPDX-License-Identifier: Apache-2.0

package import LanyardPasswords
package import LanyardStore

/// Why an account was not written or found.
package enum AccountError: Error, Equatable, Sendable {
    // Theirs.

    /// The name breaks a rule.
    case invalidName(AccountNameError)
    /// A role is not 1 to 64 of `A-Za-z0-9._:-`.
    case invalidRole(String)
    /// The e-mail address breaks a rule of ``EmailAddress``.
    case invalidEmail
    /// A claim has a name that the service itself sets, or that verifiers act upon.
    case reservedClaim(name: String)
    /// The claims are nested too deep, too many or too long to be read out of a token.
    case unreadableClaims
    /// Roles and claims together are too long for an access token.
    case tooLarge(limitBytes: Int)
    /// The password breaks the policy.
    case password(PasswordPolicyError)
    /// An account has this name already.
    case nameTaken
    /// No account has this name.
    case notFound

    // The world's.

    /// The store did not do its step.
    case store(StoreError)
    /// More passwords wait to be hashed than the queue holds, or a stored hash needs more memory than there is.
    case overloaded

    // Ours.

    /// libcrypto failed, or a stored row is not what was written.
    case `internal`

    init(_ error: PasswordLanesError) {
        switch error {
        case .overloaded, .closed, .hash(.outOfMemory): self = .overloaded
        case .hash: self = .internal
        }
    }
}
