// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier

/// Finds the session that a request's access token belongs to, and the account, as they are now.
///
/// Other services believe a token until it expires. Here the session itself is read, so a token is void at once when its
/// session is over, or its account disabled or removed.
struct Authentication: Sendable {
    private let keys: LoopKeys
    private let verifier: Verifier
    private let verifierOfAnyAudience: Verifier
    private let cookies: SessionCookies
    private let cookieGuard: CookieGuard
    private let store: any SessionStore
    private let lifetimes: SessionLifetimes
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    /// Whose session a token names; only tokens that were found good make one.
    struct Token: Sendable {
        fileprivate let sessionID: String
        fileprivate let accountID: String
    }

    init(_ dependencies: Dependencies, _ keys: LoopKeys, _ cookieGuard: CookieGuard) {
        let configuration = dependencies.configuration
        self.keys = keys
        // A replica's clock may be ahead of ours, which the rules allow for at the start of a token. Its end is ours to keep.
        let rules = { VerificationRules(ownTokensUnder: configuration, audiences: $0, expiryLeeway: .zero) }
        verifier = Verifier(rules: rules(configuration.tokens.everyAudience))
        verifierOfAnyAudience = Verifier(rules: rules(nil))
        cookies = configuration.cookies
        self.cookieGuard = cookieGuard
        store = dependencies.store
        lifetimes = configuration.sessions
        events = dependencies.events
        now = dependencies.now
    }

    /// Returns the session that the token of `call` belongs to, and its account.
    ///
    /// - Throws: What ``token(of:)`` throws, and ``ServiceError/invalidToken`` if the session is over.
    func session(of call: Call) async throws(ServiceError) -> SessionOwned {
        try await session(of: try await token(of: call), call)
    }

    /// Returns whom the token that `call` presents names; asks the store nothing, so a forged one costs no more than that.
    ///
    /// - Throws: ``ServiceError/unauthenticated`` if none is presented; ``ServiceError/invalidToken`` if it is not good;
    ///   ``ServiceError/originNotAllowed`` or ``ServiceError/siteNotAllowed`` if it is a cookie that its page may not use.
    func token(of call: Call) async throws(ServiceError) -> Token {
        let presented = try presented(by: call.request.head)
        if presented.isCookie { try checkPage(of: call.request) }
        guard let token = session(namedBy: try await verified(presented, by: verifier, call)) else {
            events.record(.accessRefused(reason: "no_session"), call.request)
            throw .invalidToken
        }
        return token
    }

    /// Returns the token that a request with this head presents, good or not.
    ///
    /// - Throws: ``ServiceError/unauthenticated`` if it presents none.
    @discardableResult
    func presented(by head: RequestHead) throws(ServiceError) -> PresentedToken {
        guard let presented = try PresentedToken(head, or: cookies) else { throw .unauthenticated }
        return presented
    }

    private func checkPage(of request: Request) throws(ServiceError) {
        switch request.head.method {
        case .get, .head: try cookieGuard.checkReading(request)
        default: try cookieGuard.check(request)
        }
    }

    /// Returns what a good token says, whatever its audience and whether or not its session goes on.
    ///
    /// - Throws: ``ServiceError/invalidToken`` if it is not good.
    func verified(_ presented: PresentedToken, _ call: Call) async throws(ServiceError) -> VerifiedToken {
        try await verified(presented, by: verifierOfAnyAudience, call)
    }

    /// Returns whose session `token` names; `nil` for a service's own token, which belongs to nobody's session.
    func session(namedBy token: VerifiedToken) -> Token? {
        token.sessionID.map { Token(sessionID: $0, accountID: token.subject) }
    }

    private func verified(
        _ presented: PresentedToken, by verifier: Verifier, _ call: Call
    ) async throws(ServiceError) -> VerifiedToken {
        let result = try await keys.verified { keys throws(TokenError) in
            try verifier.verify(UnverifiedToken(presented.token), keys: keys, at: NumericDate(now()))
        }
        switch result {
        case .success(let token): return token
        case .failure(let error):
            events.record(.accessRefused(reason: error.word), call.request)
            throw .invalidToken
        }
    }

    /// Returns the session that `token` names, and its account, as they are now.
    ///
    /// - Throws: ``ServiceError/invalidToken`` if the session is over.
    func session(of token: Token, _ call: Call) async throws(ServiceError) -> SessionOwned {
        let owned = try await asServiceError(await store.session(id: token.sessionID))
        if let reason = reason(against: owned, token) {
            events.record(
                .accessRefused(account: token.accountID, session: token.sessionID, reason: reason), call.request)
            throw .invalidToken
        }
        guard let owned else { throw .internal }
        return owned
    }

    /// Returns why the session does not go on, for operators; `nil` if it does.
    private func reason(against owned: SessionOwned?, _ token: Token) -> String? {
        guard let owned, owned.account.id.utf8.elementsEqual(token.accountID.utf8) else { return "unknown" }
        if let cause = owned.session.cause { return cause.rawValue }
        let end = lifetimes.end(of: owned.session)
        if now() >= end.at { return end.cause.rawValue }
        return owned.account.disabledAt == nil ? nil : Session.Cause.disabled.rawValue
    }
}
