// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore
package import Logging

/// What is told of one event: its row in the table of events.
package struct EventRow: Sendable {
    /// The stable word, `event`.
    let word: String
    /// How important the line is.
    let level: Logger.Level
    /// The sentence for people.
    let message: String
    /// The members of the line; those of the request come besides.
    package let fields: [String: String]
    /// What the event says of the request that caused it.
    package let outcome: Outcome
    /// What is counted.
    let counts: [Count]
    /// The word of the event in the audit log; `nil` for one that is not recorded there.
    package private(set) var audit: String?

    /// What an event says of the request that caused it.
    package enum Outcome {
        /// That it was granted; not told if the response turns out to be a refusal.
        case granted
        /// That it was refused; told only while the network's budget of such lines lasts.
        case refused
        /// The same, of which each is news.
        case refusedAlwaysTold
        /// Nothing: it has happened whatever the response will be, and is told at once.
        case happened
    }

    /// A counter of ``Metrics``.
    package enum Count {
        case login(Metrics.Login)
        case refresh(Metrics.Refresh)
        case sessionEnded(Session.Cause)
    }

    package init(
        _ level: Logger.Level, _ word: String, _ message: String, _ fields: KeyValuePairs<String, String?> = [:],
        _ outcome: Outcome = .happened, counting counts: Count...
    ) {
        self.word = word
        self.level = level
        self.message = message
        var members: [String: String] = [:]
        for case (let name, let value?) in fields { members[name] = value }
        self.fields = members
        self.outcome = outcome
        self.counts = counts
    }

    /// The same, which the audit log records as `name`, or by its own word.
    fileprivate func audited(as name: String? = nil) -> Self {
        var row = self
        row.audit = name ?? word
        return row
    }
}

extension Event {
    /// The table of events.
    package var row: EventRow {
        switch self {
        case .loggedIn(let account, let session):
            EventRow(
                .info, "login", "logged in", ["account": account.text, "sid": session.text], .granted,
                counting: .login(.ok)
            ).audited()
        case .loginFailed(let account, let reason):
            EventRow(
                .info, "login_failed", "login refused", ["account": account?.text, "reason": reason.rawValue], .refused,
                counting: .login(.failed)
            ).audited()
        case .loginOverloaded(let overload):
            EventRow(
                .warning, "overloaded", overload.message, ["reason": overload.rawValue], .refused,
                counting: .login(.overloaded))
        case .hashingOverloaded(let overload):
            EventRow(.warning, "overloaded", overload.message, ["reason": overload.rawValue], .refused)
        case .refreshed(let decision, let account, let session):
            EventRow(
                .info, "refresh", "refreshed",
                ["account": account.text, "sid": session.text, "reason": Metrics.Refresh(decision).rawValue], .granted,
                counting: .refresh(Metrics.Refresh(decision)))
        case .refreshDecided(let decision, let generation, let session, let now):
            EventRow(
                .debug, "refresh_decided", "a refresh was decided",
                [
                    "sid": session.id.text, "reason": "\(decision)", "generation": "\(generation)",
                    "current": "\(session.current)", "previous": "\(session.previous)",
                    "rotated_at_ms": "\(session.rotatedAt.milliseconds)", "now_ms": "\(now.milliseconds)",
                ])
        case .refreshRefused(let account, let session, let reason):
            EventRow(
                .info, "refresh_refused", "refresh refused",
                ["account": account?.text, "sid": session?.text, "reason": reason],
                .refused, counting: .refresh(.refused))
        case .sessionReused(let account, let session):
            EventRow(
                .warning, "session_reuse",
                "a refresh token was used again that only a thief could hold; the session ended",
                ["account": account.text, "sid": session.text, "reason": "reuse"], .refusedAlwaysTold,
                counting: .refresh(.reused), .sessionEnded(.reuse)
            ).audited()
        case .sessionAhead(let account, let session):
            EventRow(
                .warning, "session_ahead",
                "a token is newer than its session: the store has lost its last commits, or was restored from a backup",
                ["account": account.text, "sid": session.text])
        case .sessionEnded(let session):
            EventRow(
                .info, "session_ended", "a session ended",
                ["account": session.accountID.text, "sid": session.id.text, "reason": session.cause.rawValue],
                counting: .sessionEnded(session.cause)
            ).audited()
        case .sessionFoundOver(let session):
            EventRow(
                .info, "session_ended", "a session was over",
                ["account": session.accountID.text, "sid": session.id.text, "reason": session.cause.rawValue],
                counting: .sessionEnded(session.cause)
            ).audited()
        case .logoutRefused(let reason):
            EventRow(.info, "logout_refused", "logout refused", ["reason": reason], .refused)

        case .passwordChanged(let account, let session):
            EventRow(
                .notice, "password_changed", "the owner changed the password",
                ["account": account.text, "sid": session.text],
                .granted
            ).audited()
        case .passwordRefused(let account, let session, let reason):
            EventRow(
                .info, "password_refused", "the current password was not given",
                ["account": account.text, "sid": session.text, "reason": reason.rawValue], .refused)
        case .accessRefused(let subject, let session, let reason):
            EventRow(
                .info, "access_refused", "access token refused",
                ["account": subject, "sid": session?.text, "reason": reason], .refused)
        case .verifyRefused(let subject, let session, let shortfall):
            EventRow(
                .info, "verify_refused", "the access token is not enough for what the proxy asks",
                ["account": subject, "sid": session?.text, "reason": shortfall.rawValue], .refused)

        case .clientTokenIssued(let client):
            EventRow(.info, "client_token", "a client got a token", ["account": client.text], .granted)
        case .clientRefused(let client, let reason):
            EventRow(.info, "client_refused", "client refused", ["account": client?.text, "reason": reason], .refused)
        case .clientLimited(let client):
            EventRow(
                .info, "client_limited", "a client must wait, for tries have failed", ["account": client?.text],
                .refused)

        case .originRefused(let origin, let refusal):
            EventRow(
                .notice, "origin_refused", refusal.message,
                [
                    "origin": origin, "reason": refusal.reason,
                    "setting": refusal.hasSetting ? "LANYARD_HTTP_ALLOWED_ORIGINS" : nil,
                ], .refused)

        case .forwardedIgnored(let peer):
            EventRow(
                .warning, "forwarded_ignored",
                "X-Forwarded-For of a peer that is no trusted proxy is ignored; this is said once",
                ["peer_ip": "\(peer)", "setting": "LANYARD_HTTP_TRUSTED_PROXIES"])
        case .forwardedUnreadable(let peer):
            EventRow(
                .warning, "forwarded_unreadable",
                "X-Forwarded-For of a trusted proxy has an element that is no address; this is said once",
                ["peer_ip": "\(peer)"])

        case .storeUnavailable(let reason):
            EventRow(.error, "store_unavailable", "the store did not answer", ["reason": reason], .refused)
        case .bug: EventRow(.critical, "internal", "a bug: please report it with this line", [:], .refused)
        case .unanswered: EventRow(.error, "unanswered", "no answer was made in time", [:], .refused)
        case .engineFault(let fault, let request):
            EventRow(
                .critical, "internal", "internal error; please report this line",
                ["reason": fault, "request_id": request])
        case .storeAway(let reason):
            EventRow(
                .error, "store_away", "the store does not answer; requests that need it get 503", ["reason": reason])
        case .storeBack: EventRow(.notice, "store_back", "the store answers again")
        case .issuerChanged(let previous, let issuer):
            EventRow(
                .warning, "issuer_changed",
                "this store last served another issuer; verifiers refuse tokens of an issuer that they do not expect",
                ["previous": previous, "issuer": issuer, "setting": "LANYARD_ISSUER"])
        case .clockBehind(let evidence, let lag):
            EventRow(
                .error, "clock_behind",
                "this server's clock is behind, or another server's was ahead; check the time of all servers",
                ["reason": evidence.rawValue, "behind_s": "\(lag.wholeSeconds)"])

        case .keyPublished(let key):
            EventRow(
                .notice, "key_published", "a key is published and will sign",
                ["kid": key.kid.text, "alg": key.algorithm, "signs_from": key.signsFrom.rfc3339]
            ).audited(as: "key_added")
        case .keyRotated(let key, let previous):
            EventRow(
                .notice, "key_rotated", "another key signs",
                ["kid": key.kid.text, "alg": key.algorithm, "previous": previous.text]
            ).audited(as: "key_activated")
        case .keyRevoked(let kid):
            EventRow(.warning, "key_revoked", "a key was revoked and has left the key set", ["kid": kid.text]).audited()
        case .keyGone(let kid):
            EventRow(.notice, "key_gone", "a key has left the key set", ["kid": kid.text]).audited(as: "key_retired")
        case .refreshKeysChanged(let count):
            EventRow(
                .notice, "refresh_keys_changed", "the keys of refresh tokens were changed", ["count": "\(count)"])
        case .keysNotKept(let reason):
            EventRow(
                .error, "keys_not_kept", "a step of the life of a key is due and cannot be made", ["reason": reason])
        case .keysNotRead(let reason):
            EventRow(
                .error, "keys_not_read", "the keys cannot be read; nothing is signed until they can",
                ["reason": reason])
        case .statusListsNotBuilt(let reason):
            EventRow(
                .error, "status_lists_not_built",
                "the status lists cannot be brought up to date; those of before are served until they expire",
                ["reason": reason])
        }
    }
}

extension HashingOverload {
    fileprivate var message: String {
        switch self {
        case .queueFull: "too many passwords wait to be hashed"
        case .outOfMemory: "there is no memory for a stored hash that needs more than LANYARD_PASSWORDS_MEMORY"
        }
    }
}

extension OriginRefusal {
    fileprivate var message: String {
        switch self {
        case .notAllowed, .sameSite, .cookie: "this origin may not call the service"
        case .otherSite:
            "a page on another site cannot use cookies, and no setting allows it; use delivery body there"
        case .noPage: "this request does not come from a page that may use cookies"
        case .unsaid:
            "a cookie without Origin and Sec-Fetch-Site counts for nothing but reading; send the token in the body"
        }
    }

    fileprivate var reason: String? {
        switch self {
        case .notAllowed: nil
        case .otherSite: "other_site"
        case .sameSite: "sec_fetch_site_same-site"
        case .noPage(let site): "sec_fetch_site_\(site)"
        case .unsaid: "no_origin"
        case .cookie: "cookie"
        }
    }

    /// Whether a setting could allow it.
    fileprivate var hasSetting: Bool {
        switch self {
        case .notAllowed, .sameSite, .cookie: true
        case .otherSite, .noPage, .unsaid: false
        }
    }
}
