// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore
package import LanyardVerifier

/// What a verified access token of this issuer is good for now.
///
/// Other services believe a token until it expires. Here its session or client is read, so a token is void at once when its
/// session is over, its account disabled or removed, or its client removed.
package enum Standing: Sendable {
    /// Its session goes on, and its account is enabled.
    case session(SessionOwned)
    /// A service client got it for itself, and it was not revoked.
    case client(ServiceClient)
    /// It is good for nothing; the reason is for operators.
    case void(reason: String)

    /// Returns which roles of `token` the account or client still has; `nil` if the token is void.
    package func roles(of token: VerifiedToken) -> Roles? {
        switch self {
        case .session(let owned): token.carriedRoles.intersection(owned.account.roles)
        case .client(let client): token.carriedRoles.intersection(client.roles)
        case .void: nil
        }
    }
}
