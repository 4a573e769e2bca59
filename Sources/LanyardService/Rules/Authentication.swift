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
    private let live: LiveKeys
    private let verifier: Verifier
    private let verifierOfAnyAudience: Verifier
    private let cookies: SessionCookies
    private let cookieGuard: CookieGuard
    private let store: any Store
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
        live = dependencies.keys
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

    /// Returns whom the token that `call` presents names; asks the store nothing, so a forged one costs no more than that.
    ///
    /// - Throws: ``ServiceError/unauthenticated`` if none is presented; ``ServiceError/invalidToken`` if it is not good;
    ///   ``ServiceError/originNotAllowed`` or ``ServiceError/siteNotAllowed`` if it is a cookie that its page may not use.
    func token(of call: Call) throws(ServiceError) -> Token {
        let presented = try presented(by: call.request.head)
        if presented.isCookie { try checkPage(of: call.request) }
        guard let token = session(namedBy: try verified(presented, by: verifier, call)) else {
            events.accessRefused(call.request, reason: "no_session")
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
    func verified(_ presented: PresentedToken, _ call: Call) throws(ServiceError) -> VerifiedToken {
        try verified(presented, by: verifierOfAnyAudience, call)
    }

    /// Returns whose session `token` names; `nil` for a service's own token, which belongs to nobody's session.
    func session(namedBy token: VerifiedToken) -> Token? {
        token.sessionID.map { Token(sessionID: $0, accountID: token.subject) }
    }

    private func verified(
        _ presented: PresentedToken, by verifier: Verifier, _ call: Call
    ) throws(ServiceError) -> VerifiedToken {
        let token: VerifiedToken
        do throws(TokenError) {
            token = try verifier.verify(
                UnverifiedToken(presented.token), keys: keys.current.keyring.accepted, at: NumericDate(now()))
        } catch {
            // Its key may have been published since this process has read the keys.
            if case .unknownKey = error, !call.hasWaited { try live.requireFresh() }
            events.accessRefused(call.request, reason: error.word)
            throw .invalidToken
        }
        // The key may have been revoked since this process has read the keys; what is no token of ours is refused all the same.
        try live.requireFresh()
        return token
    }

    /// Reads the session of `token` and goes on with it; answers `call` itself if the session is over.
    func session(of token: Token, _ call: Call, then proceed: @escaping @Sendable (SessionOwned) -> Void) {
        store.session(id: token.sessionID) { result in
            switch result {
            case .success(let owned):
                if let reason = reason(against: owned, token) {
                    events.accessRefused(
                        call.request, account: token.accountID, session: token.sessionID, reason: reason)
                    return call.complete(with: .failure(.invalidToken))
                }
                if let owned { proceed(owned) }
            case .failure(let error):
                call.fail(error, events)
            }
        }
    }

    /// Answers `call` with what `proceed` makes of the session of its token.
    func answer(_ call: Call, _ proceed: @escaping @Sendable (SessionOwned) -> Void) throws(ServiceError) -> Outcome {
        session(of: try token(of: call), call, then: proceed)
        return .pending
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
