// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// `POST /refresh`: a refresh token for new tokens.
///
/// The MAC, and an access token that is presented, are checked on the loop, so a forged one costs no read of the store.
/// The decision is one step of the store, durable before the answer leaves.
struct RefreshEndpoint: Endpoint {
    private let decide: Refresh
    private let live: LiveKeys
    private let keys: LoopKeys
    private let binding: SessionBinding
    private let cookies: SessionCookies
    private let cookieGuard: CookieGuard
    private let tokens: TokenResponder
    private let callers: Callers

    init(_ dependencies: Dependencies, _ keys: LoopKeys, _ tokens: TokenResponder, _ cookieGuard: CookieGuard) {
        decide = Refresh(
            sessions: dependencies.store, policy: SessionPolicy(dependencies.configuration), now: dependencies.now)
        live = dependencies.keys
        self.keys = keys
        binding = SessionBinding(dependencies)
        cookies = dependencies.configuration.cookies
        self.cookieGuard = cookieGuard
        callers = Callers(dependencies)
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
        let caller = callers.caller(of: call.request)
        guard let token = await keys.refreshToken(Array(text.utf8)) else {
            caller.record(.refreshRefused(account: nil, session: nil, reason: "forged"))
            throw .invalidGrant
        }
        // Before the decision, for a token that cannot be answered with another is not to be used up; and before an access
        // token is looked at, whose key may have been revoked since.
        try await live.requireFresh()
        if let objection = try binding.objection(
            to: call.request.head, session: token.sessionID, keys: keys.current.keyring.accepted)
        {
            caller.record(.refreshRefused(account: nil, session: token.sessionID, reason: objection))
            throw .invalidToken
        }
        let granted: Refresh.Granted
        do throws(RefreshRefusal) {
            granted = try await decide(token, while: { !call.isAbandoned }, by: caller)
        } catch {
            throw ServiceError(error)
        }
        return .work(
            tokens.responding(
                to: call.request, session: granted.session, account: granted.account,
                delivery: isCookie ? granted.session.delivery : .body, withoutAudience: .invalidGrant,
                keeping: granted.decision == .keep || granted.decision == .ahead ? text : nil))
    }
}
