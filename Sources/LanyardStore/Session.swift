// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// One login and what became of it: one row, however often it is refreshed.
package struct Session: Equatable, Sendable {
    /// Why a session is over.
    package enum Cause: String, CaseIterable, Sendable {
        /// Its absolute lifetime ended.
        case expired
        /// It was not refreshed within its idle lifetime.
        case idle
        /// Its owner logged out.
        case logout
        /// A refresh token was used again that only a thief could hold.
        case reuse
        /// An operator, or a session more than the account may have, ended it.
        case revoked
        /// The password was changed.
        case password
        /// The account was disabled.
        case disabled
        /// A login in the same browser has opened another one in its place.
        case replaced
        /// The account was removed; no row has this, for the rows go with it.
        case removed
    }

    /// How the tokens of the session are handed out.
    package enum Delivery: String, Sendable {
        case body, cookie, cookies
    }

    /// The random id, 22 characters of base64url: the `sid` of tokens.
    package var id: SessionID
    /// The account it belongs to.
    package var accountID: AccountID
    /// The generation of the newest refresh token; 1 at login.
    package var current: Int64
    /// The generation that `current` replaced; 0 at login, which no token has.
    package var previous: Int64
    /// When `current` was made.
    package var rotatedAt: UnixTime
    /// When the session was opened.
    package var createdAt: UnixTime
    /// When the session ended, or `nil`.
    package var endedAt: UnixTime?
    /// Why the session ended, or `nil`.
    package var cause: Cause?
    /// The latest `exp` that an access token of the session can have.
    package var tokensUntil: UnixTime
    /// The audience asked for at login.
    package var audience: Audiences
    /// The roles asked for at login; `nil` for all that the account has.
    package var roles: Roles?
    /// How the session was opened.
    package var delivery: Delivery
    /// The client's own name for the session, at most 128 code points.
    package var label: String?
    /// The network the session was opened from: `192.0.2.0/24`, `2001:db8::/48`.
    package var network: String?
    /// Where the status lists show the session when it is ended; `nil` if it was opened while there were none.
    package var status: StatusIndex?

    /// Creates the row of a session that has just been opened.
    package init(opening: SessionOpening, status: StatusIndex? = nil, tokensUntil: UnixTime, at now: UnixTime) {
        id = opening.id
        accountID = opening.accountID
        current = 1
        previous = 0
        rotatedAt = now
        createdAt = now
        endedAt = nil
        cause = nil
        self.tokensUntil = tokensUntil
        audience = opening.audience
        roles = opening.roles
        delivery = opening.delivery
        label = opening.label
        network = opening.network
        self.status = status
    }

    /// Creates a session from a stored row.
    package init(
        id: SessionID, accountID: AccountID, current: Int64, previous: Int64, rotatedAt: UnixTime, createdAt: UnixTime,
        endedAt: UnixTime?, cause: Cause?, tokensUntil: UnixTime, audience: Audiences, roles: Roles?,
        delivery: Delivery, label: String?, network: String?, status: StatusIndex? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.current = current
        self.previous = previous
        self.rotatedAt = rotatedAt
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.cause = cause
        self.tokensUntil = tokensUntil
        self.audience = audience
        self.roles = roles
        self.delivery = delivery
        self.label = label
        self.network = network
        self.status = status
    }

    /// Ends the session.
    package mutating func end(_ cause: Cause, at instant: UnixTime) {
        endedAt = instant
        self.cause = cause
    }
}
