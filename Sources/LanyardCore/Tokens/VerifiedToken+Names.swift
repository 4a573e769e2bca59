// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardVerifier

/// What the texts of a token of this issuer name.
extension VerifiedToken {
    /// The account, if the token is one of a session.
    package var account: AccountID { AccountID(subject) }

    /// The session; `nil` if a service client got the token for itself.
    package var session: SessionID? { sessionID.map { SessionID($0) } }

    /// The client: that of all logins, or a service client.
    package var client: ClientID { ClientID(clientID) }

    /// The roles that the token was given.
    package var carriedRoles: Roles { Roles(trusted: roles) }

    /// The audiences that the token is for.
    package var audiences: Audiences { Audiences(trusted: audience) }

    /// Whether a service client got the token for itself.
    package var isOfService: Bool { sessionID == nil && client == ClientID(subject) }
}
