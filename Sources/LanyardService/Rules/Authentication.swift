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
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    /// Whom a token names; only ``token(of:)`` makes one.
    struct Token: Sendable {
        fileprivate let sessionID: String
        fileprivate let accountID: String
    }

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        let configuration = dependencies.configuration
        self.keys = keys
        live = dependencies.keys
        // A replica's clock may be ahead of ours, which the rules allow for at the start of a token. Its end is ours to keep.
        verifier = Verifier(
            rules: VerificationRules(
                ownTokensUnder: configuration, audiences: configuration.tokens.audience, expiryLeeway: .zero))
        store = dependencies.store
        lifetimes = configuration.sessions
        events = dependencies.events
        now = dependencies.now
    }

    /// Returns whom the token that `call` presents names; asks the store nothing, so a forged one costs no more than that.
    ///
    /// - Throws: ``ServiceError/unauthenticated`` if none is presented; ``ServiceError/invalidToken`` if it is not good.
    func token(of call: Call) throws(ServiceError) -> Token {
        guard let presented = BearerField(call.request.head) else { throw .unauthenticated }
        let token: VerifiedToken
        do throws(TokenError) {
            token = try verifier.verify(
                UnverifiedToken(presented.token), keys: keys.current.keyring.accepted, at: NumericDate(now()))
        } catch {
            events.accessRefused(call.request, reason: error.word)
            throw .invalidToken
        }
        // The key may have been revoked since this process has read the keys; what is no token of ours is refused all the same.
        try live.requireFresh()
        // A service's own token belongs to nobody's session.
        guard let sessionID = token.sessionID else {
            events.accessRefused(call.request, reason: "no_session")
            throw .invalidToken
        }
        return Token(sessionID: sessionID, accountID: token.subject)
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

extension TokenError {
    /// What the log says of a token that was refused.
    fileprivate var word: String {
        if case .expired = self { return "token_expired" }
        return "token_invalid"
    }
}
