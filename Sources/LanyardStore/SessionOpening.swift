// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a login asks of the store.
package struct SessionOpening: Equatable, Sendable {
    /// The new session's random id.
    package var id: SessionID
    /// The account that logged in.
    package var accountID: AccountID
    /// The account's epoch when its password was read: if it has moved since, the session is not opened.
    package var accountEpoch: Int64
    /// The audience asked for.
    package var audience: Audiences
    /// The roles asked for; `nil` for all.
    package var roles: Roles?
    /// How the tokens are handed out.
    package var delivery: Session.Delivery
    /// The client's own name for the session.
    package var label: String?
    /// The network of the client.
    package var network: String?
    /// How long sessions last.
    package var lifetimes: SessionLifetimes
    /// How many live sessions the account may have; one more ends the oldest.
    package var maximumPerAccount: Int
    /// Whether the session gets an index in a status list.
    package var hasStatus: Bool
    /// The session that this one replaces, which is about to end: it does not count among those that the account may have.
    package var replaced: SessionID?

    /// Creates an opening.
    package init(
        id: SessionID, accountID: AccountID, accountEpoch: Int64, audience: Audiences, roles: Roles?,
        delivery: Session.Delivery, label: String?, network: String?, lifetimes: SessionLifetimes,
        maximumPerAccount: Int, hasStatus: Bool = false
    ) {
        self.id = id
        self.accountID = accountID
        self.accountEpoch = accountEpoch
        self.audience = audience
        self.roles = roles
        self.delivery = delivery
        self.label = label
        self.network = network
        self.lifetimes = lifetimes
        self.maximumPerAccount = maximumPerAccount
        self.hasStatus = hasStatus
    }
}

/// What became of a ``SessionOpening``.
package enum SessionOpened: Equatable, Sendable {
    /// The session is open; the account, as it is now, has this as its last login.
    case opened(Session, Account, ended: [SessionID])
    /// The account was removed or disabled, or its password changed, since it was read.
    case accountChanged
}
