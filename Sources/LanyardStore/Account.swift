// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// Someone who can log in.
package struct Account: Equatable, Sendable {
    /// The stable opaque id, the `sub` of tokens: 1 to 64 of `A-Za-z0-9._:-`.
    package var id: AccountID
    /// The name as it was given, in NFC.
    package var name: String
    /// What names are compared by, as UTF-8 bytes: NFC(lowercased(NFC(name))).
    ///
    /// Unique in a store.
    package var nameKey: String
    /// The e-mail address; neither unique nor used for login.
    package var email: String?
    /// The roles, 1 to 64 of `A-Za-z0-9._:-` each, in the order given.
    package var roles: Roles
    /// The account's own claims: a JSON object in UTF-8, without reserved names.
    package var claims: String
    /// The sealed hash of the password.
    package var password: [UInt8]
    /// The scheme and cost of that hash, in plain text, so that they can be counted without opening seals.
    ///
    /// `nil` until it has been filled in, in an account that an older release has written.
    package var scheme: String?
    /// Raised by a password change and by disabling: what was begun at another epoch does not succeed.
    ///
    /// It begins at the milliseconds of ``createdAt``, so that an account put back under the id of a removed one is not
    /// taken for it.
    package var epoch: Int64
    /// When the account was disabled, or `nil`.
    package var disabledAt: UnixTime?
    /// When the account was added.
    package var createdAt: UnixTime
    /// When a login last succeeded, or `nil`.
    package var lastLoginAt: UnixTime?

    /// Creates an account that is enabled and has never logged in.
    package init(
        id: AccountID, name: String, nameKey: String, email: String?, roles: Roles, claims: String, password: [UInt8],
        scheme: String? = nil, createdAt: UnixTime
    ) {
        self.id = id
        self.name = name
        self.nameKey = nameKey
        self.email = email
        self.roles = roles
        self.claims = claims
        self.password = password
        self.scheme = scheme
        self.createdAt = createdAt
        epoch = createdAt.milliseconds
        disabledAt = nil
        lastLoginAt = nil
    }
}
