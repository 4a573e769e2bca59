// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// `POST /refresh`: a refresh token for new tokens.
///
/// The MAC, and an access token that is presented, are checked on the loop, so a forged one costs no read of the store.
/// The decision is one step of the store, durable before the answer leaves.
struct RefreshEndpoint: Endpoint {
    private let configuration: ServiceConfiguration
    private let store: any Store
    private let live: LiveKeys
    private let keys: LoopKeys
    private let binding: SessionBinding
    private let cookies: SessionCookies
    private let cookieGuard: CookieGuard
    private let tokens: TokenResponder
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys, _ tokens: TokenResponder, _ cookieGuard: CookieGuard) {
        configuration = dependencies.configuration
        store = dependencies.store
        live = dependencies.keys
        self.keys = keys
        binding = SessionBinding(dependencies)
        cookies = configuration.cookies
        self.cookieGuard = cookieGuard
        events = dependencies.events
        now = dependencies.now
        self.tokens = tokens
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkType(of: head)
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        let members = try RequestMembers(of: call.request)
        if try members.text("refresh_token") == nil, let cookie = try cookies.refreshToken(in: call.request.head) {
            try cookieGuard.check(call.request)
            return try await refresh(call, with: String(decoding: cookie, as: UTF8.self), isCookie: true)
        }
        return try await refresh(call, with: members.requiredText("refresh_token"))
    }

    /// Answers a request that presents `text` as its refresh token, in whatever way.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - text: The token.
    ///   - isCookie: Whether a browser has it in a cookie: then it is answered in the way that the session was opened, else in the
    ///     body.
    /// - Returns: The answer with new tokens.
    /// - Throws: ``ServiceError/invalidGrant`` if the token is not good, ``ServiceError/invalidToken`` if an access token
    ///   that is presented besides is not.
    func refresh(_ call: Call, with text: String, isCookie: Bool = false) async throws(ServiceError) -> Answer {
        guard let token = await keys.refreshToken(Array(text.utf8)) else {
            events.refreshRefused(call.request, account: nil, session: nil, reason: "forged")
            throw .invalidGrant
        }
        // Before the decision, for a token that cannot be answered with another is not to be used up; and before an access
        // token is looked at, whose key may have been revoked since.
        try await live.requireFresh()
        if let objection = try binding.objection(
            to: call.request.head, session: token.sessionID, keys: keys.current.keyring.accepted)
        {
            events.refreshRefused(call.request, account: nil, session: token.sessionID, reason: objection)
            throw .invalidToken
        }
        let advance = SessionAdvance(
            sessionID: token.sessionID, generation: token.generation, lifetimes: configuration.sessions,
            isWanted: { !call.isAbandoned },
            judgeAudience: { [tokens = configuration.tokens] in tokens.judge($0, holding: $1) })
        let advanced = try await asServiceError(await store.advanceSession(advance, at: now))
        let (decision, session, account) = try granted(advanced, token, call.request)
        return .work(
            tokens.responding(
                to: call.request, session: session, account: account,
                delivery: isCookie ? session.delivery : .body, withoutAudience: .invalidGrant,
                keeping: decision == .keep || decision == .ahead ? text : nil))
    }

    /// Returns what the store has decided if that grants new tokens; notes in any case what became of the session.
    private func granted(
        _ advanced: SessionAdvanced, _ token: RefreshToken, _ request: Request
    ) throws(ServiceError) -> (RefreshDecision, Session, Account) {
        switch advanced {
        case .advanced(let decision, let session, let account, at: let instant):
            events.refreshDecided(request, decision, on: token.generation, leaving: session, at: instant)
            if decision == .ahead { events.sessionAhead(request, account: account.id, session: session.id) }
            events.refresh(request, account: account.id, session: session.id, result: Metrics.Refresh(decision))
            return (decision, session, account)
        case .reused(let session):
            if let endedAt = session.endedAt {
                events.refreshDecided(request, .reuse, on: token.generation, leaving: session, at: endedAt)
            }
            events.sessionReuse(request, account: session.accountID, session: session.id)
        case .over(let cause, let session, let isNews):
            if isNews { events.sessionsEnded([EndedSession(session, cause)], request) }
            events.refreshRefused(request, account: session.accountID, session: session.id, reason: cause.rawValue)
        case .abandoned:
            // Nobody waits but a client that has closed one direction only: it may ask again.
            events.refreshRefused(request, account: nil, session: token.sessionID, reason: "abandoned")
            throw .abandoned
        case .notServed(let session):
            events.refreshRefused(request, account: session.accountID, session: session.id, reason: "audience")
        case .unknown:
            events.refreshRefused(request, account: nil, session: token.sessionID, reason: "unknown")
        }
        throw .invalidGrant
    }
}
