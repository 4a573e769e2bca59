// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardStore

/// Something that happened and that operators are told, never with a secret.
///
/// What is told of each is in one table (``Event/row``).
package enum Event: Sendable {
    // MARK: Logins, refreshes, sessions

    /// A login was granted.
    case loggedIn(account: AccountID, session: SessionID)
    /// A login was refused; the account if there is one.
    case loginFailed(account: AccountID?, LoginFailure)
    /// A login was not decided, because its password could not be hashed.
    case loginOverloaded(HashingOverload)
    /// Another request was not decided, because its password could not be hashed.
    case hashingOverloaded(HashingOverload)
    /// A refresh was granted.
    case refreshed(RefreshDecision, account: AccountID, session: SessionID)
    /// What a refresh was decided on and what it left, to be checked afterwards.
    ///
    /// Lines of one session are in the order of its decisions, as far as one server made them.
    case refreshDecided(RefreshDecision, generation: Int64, leaving: Session, at: UnixTime)
    /// A refresh was refused.
    case refreshRefused(account: AccountID?, session: SessionID?, reason: String)
    /// A refresh token was used again that had been replaced; its session ended.
    case sessionReused(account: AccountID, session: SessionID)
    /// A refresh token is newer than its session.
    case sessionAhead(account: AccountID, session: SessionID)
    /// A session ended.
    case sessionEnded(EndedSession)
    /// A session was over long before anybody looked.
    case sessionFoundOver(EndedSession)
    /// A logout was refused.
    case logoutRefused(reason: String)

    // MARK: Passwords and access tokens

    /// The owner of an account has changed the password.
    case passwordChanged(account: AccountID, session: SessionID)
    /// A change of the password was refused.
    case passwordRefused(account: AccountID, session: SessionID, LoginFailure)
    /// An access token was refused.
    case accessRefused(subject: String? = nil, session: SessionID? = nil, reason: String)
    /// An access token is good and does not suffice for what a proxy asks.
    case verifyRefused(subject: String, session: SessionID?, VerifyShortfall)

    // MARK: Service clients; one that nobody has added is not named, for that may be anything

    /// A service client got a token.
    case clientTokenIssued(client: ClientID)
    /// A service client was refused.
    case clientRefused(client: ClientID?, reason: String)
    /// A service client must wait, because tries have failed.
    case clientLimited(client: ClientID?)

    // MARK: Pages

    /// A page of another origin, or of another site, was refused.
    case originRefused(origin: String, OriginRefusal)

    // MARK: Proxies

    /// A peer names its client and is not trusted: a proxy may be missing in the settings.
    case forwardedIgnored(peer: PeerAddress)
    /// A trusted proxy names its client in a way that cannot be read.
    case forwardedUnreadable(peer: PeerAddress)

    // MARK: The service itself

    /// A request needs the store, which did not answer.
    case storeUnavailable(reason: String)
    /// A request met a bug of the service.
    case bug
    /// A request was not answered in time.
    case unanswered
    /// The HTTP engine met a bug of its own and survived it.
    case engineFault(String, request: String?)
    /// The store does not answer; requests that need it fail.
    case storeAway(reason: String)
    /// The store answers again.
    case storeBack
    /// The store was last used to serve another issuer: the tokens of its sessions name that one.
    case issuerChanged(from: String, to: String)
    /// This server's clock is behind what the store says.
    case clockBehind(ClockEvidence, lag: Duration)

    // MARK: Keys; each replica tells when it follows a change, so that its log shows what it signed with

    /// A key is published and will sign.
    case keyPublished(KeyRecord)
    /// Another key signs.
    case keyRotated(KeyRecord, from: KeyID)
    /// A key was revoked and has left the key set.
    case keyRevoked(kid: KeyID)
    /// A key has left the key set.
    case keyGone(kid: KeyID)
    /// The keys of refresh tokens were changed; how many there are.
    case refreshKeysChanged(count: Int)
    /// A step of the life of a key is due and cannot be made.
    case keysNotKept(reason: String)
    /// The keys cannot be read.
    case keysNotRead(reason: String)
    /// The status lists cannot be brought up to date.
    case statusListsNotBuilt(reason: String)
}

/// Why a login failed, for operators only; the client gets one answer for all.
package enum LoginFailure: String, Sendable {
    case unknownAccount = "unknown_account"
    case wrongPassword = "wrong_password"
    case disabledAccount = "disabled_account"
    case accountChanged = "account_changed"
}

/// Why a password was not hashed although nothing is wrong with it.
package enum HashingOverload: String, Sendable {
    case queueFull = "queue_full"
    case outOfMemory = "out_of_memory"
}

/// What an access token lacks for what a proxy asks.
package enum VerifyShortfall: String, Sendable {
    case role, audience, query
}

/// Why a page was refused.
package enum OriginRefusal: Sendable {
    /// Its origin is not among those that may call the service.
    case notAllowed
    /// It is on another site, and presented a cookie.
    case otherSite
    /// It is on the same site, and its origin is not among those that may use cookies.
    case sameSite
    /// The browser says that no page has sent the request.
    case noPage(site: String)
    /// Nothing says which page has sent the request.
    case unsaid
    /// Its origin may not use cookies, and nothing says of which site it is.
    case cookie
}

/// What shows that a clock is behind.
package enum ClockEvidence: String, Sendable {
    /// The time that another server has recorded.
    case record
    /// The time from which the key that signs has signed.
    case key
}
