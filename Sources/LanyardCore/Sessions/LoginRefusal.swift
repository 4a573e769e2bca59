// SPDX-License-Identifier: Apache-2.0

package import LanyardPasswords
package import LanyardStore

/// Why a login was refused.
package enum LoginRefusal: Error {
    /// Unknown account, wrong password, disabled account, over-long name or password.
    case wrongCredentials
    /// An audience that the account may not request.
    case audienceNotAllowed
    /// A role that the account does not hold.
    case rolesNotHeld
    /// The password could not be hashed.
    case notHashed(PasswordLanesError)
    /// The keys were not read recently, and could not be read now.
    case staleKeys
    /// The store did not make a step.
    case store(StoreError)
    /// A stored row is not what was written.
    case `internal`
}
