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

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        let members = try RequestMembers(of: call.request)
        if try members.text("refresh_token") == nil, let cookie = try cookies.refreshToken(in: call.request.head) {
            try cookieGuard.check(call.request)
            return try refresh(call, with: String(decoding: cookie, as: UTF8.self), isCookie: true)
        }
        return try refresh(call, with: members.requiredText("refresh_token"))
    }

    /// Answers a request that presents `text` as its refresh token, in whatever way.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - text: The token.
    ///   - isCookie: Whether a browser has it in a cookie: then it is answered in the way that the session was opened, else in the
    ///     body.
    /// - Returns: That the answer follows.
    /// - Throws: What is wrong with the token, if no store is needed to see it.
    func refresh(_ call: Call, with text: String, isCookie: Bool = false) throws(ServiceError) -> Outcome {
        guard let token = try keys.refreshToken(Array(text.utf8), of: call) else {
            events.refreshRefused(call.request, account: nil, session: nil, reason: "forged")
            throw .invalidGrant
        }
        // Before the decision, for a token that cannot be answered with another is not to be used up; and before an access
        // token is looked at, whose key may have been revoked since.
        try live.requireFresh()
        if let objection = try binding.objection(
            to: call.request.head, session: token.sessionID, keys: keys.current.keyring.accepted)
        {
            events.refreshRefused(call.request, account: nil, session: token.sessionID, reason: objection)
            throw .invalidToken
        }
        let advance = SessionAdvance(
            sessionID: token.sessionID, generation: token.generation, lifetimes: configuration.sessions,
            isWanted: { !call.ticket.isAbandoned },
            judgeAudience: { [tokens = configuration.tokens] in tokens.judge($0, holding: $1) })
        store.advanceSession(advance, at: now) { result in
            switch result {
            case .success(let advanced): finish(call, advanced, token, text, isCookie: isCookie)
            case .failure(let error): call.fail(error, events)
            }
        }
        return .pending
    }

    private func finish(
        _ call: Call, _ advanced: SessionAdvanced, _ token: RefreshToken, _ text: String, isCookie: Bool
    ) {
        switch advanced {
        case .advanced(let decision, let session, let account, at: let instant):
            events.refreshDecided(call.request, decision, on: token.generation, leaving: session, at: instant)
            if decision == .ahead { events.sessionAhead(call.request, account: account.id, session: session.id) }
            events.refresh(call.request, account: account.id, session: session.id, result: Metrics.Refresh(decision))
            tokens.answer(
                call, session: session, account: account, delivery: isCookie ? session.delivery : .body,
                keeping: decision == .keep || decision == .ahead ? text : nil)
        case .reused(let session):
            if let endedAt = session.endedAt {
                events.refreshDecided(call.request, .reuse, on: token.generation, leaving: session, at: endedAt)
            }
            events.sessionReuse(call.request, account: session.accountID, session: session.id)
            call.complete(with: .failure(.invalidGrant))
        case .over(let cause, let session, let isNews):
            if isNews { events.sessionsEnded([EndedSession(session, cause)], call.request) }
            events.refreshRefused(
                call.request, account: session.accountID, session: session.id, reason: cause.rawValue)
            call.complete(with: .failure(.invalidGrant))
        case .abandoned:
            // Nobody waits but a client that has closed one direction only: it may ask again.
            events.refreshRefused(
                call.request, account: nil, session: token.sessionID, reason: "abandoned")
            call.complete(with: .failure(.abandoned))
        case .notServed(let session):
            events.refreshRefused(
                call.request, account: session.accountID, session: session.id, reason: "audience")
            call.complete(with: .failure(.invalidGrant))
        case .unknown:
            events.refreshRefused(call.request, account: nil, session: token.sessionID, reason: "unknown")
            call.complete(with: .failure(.invalidGrant))
        }
    }
}
