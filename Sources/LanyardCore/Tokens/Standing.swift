// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
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
    package func roles(of token: VerifiedToken) -> [String]? {
        switch self {
        case .session(let owned): token.roles(heldIn: owned.account.roles)
        case .client(let client): token.roles(heldIn: client.roles)
        case .void: nil
        }
    }
}

extension VerifiedToken {
    /// Whether a service client got the token for itself.
    package var isOfService: Bool { sessionID == nil && clientID.hasSameBytes(as: subject) }

    /// Returns those roles of the token that are among `held`: one may have been taken away since.
    fileprivate func roles(heldIn held: [String]) -> [String] {
        roles.filter(held.holds)
    }
}
