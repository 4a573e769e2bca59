// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier
internal import LanyardWeb

/// Finds the session that a request's access token belongs to, and the account, as they are now.
struct Authentication: Sendable {
    private let useCases: UseCases
    private let cookies: SessionCookies
    private let cookieGuard: CookieGuard
    private let log: RequestLog

    init(_ useCases: UseCases, _ cookies: SessionCookies, _ cookieGuard: CookieGuard, _ log: RequestLog) {
        self.useCases = useCases
        self.cookies = cookies
        self.cookieGuard = cookieGuard
        self.log = log
    }

    /// Returns the session that the token of `call` belongs to, and its account.
    ///
    /// - Throws: What ``token(of:)`` and ``session(of:_:)`` throw.
    func session(of call: Call) async throws(APIError) -> SessionOwned {
        try await session(of: try await token(of: call), call)
    }

    /// Returns the token that `call` presents for one of our audiences; asks the store nothing, so a forged one costs no more
    /// than that.
    ///
    /// - Throws: ``APIError/unauthenticated`` if none is presented; ``APIError/invalidToken`` if it is not good;
    ///   ``APIError/originNotAllowed`` or ``APIError/siteNotAllowed`` if it is a cookie that its page may not use.
    func token(of call: Call) async throws(APIError) -> VerifiedToken {
        let presented = try presented(by: call.request.head)
        if presented.isCookie { try checkPage(of: call) }
        let token = try await verify(presented, audience: .served, call)
        guard token.sessionID != nil else {
            log.record(.accessRefused(reason: "no_session"), call.request)
            throw .invalidToken
        }
        return token
    }

    /// Returns the session that `token` belongs to, and its account, as they are now.
    ///
    /// - Throws: ``APIError/invalidToken`` if the session is over.
    func session(of token: VerifiedToken, _ call: Call) async throws(APIError) -> SessionOwned {
        guard case .session(let owned) = try await standing(of: token, call) else { throw .internal }
        return owned
    }

    /// Returns what `token` is good for now.
    ///
    /// - Throws: ``APIError/invalidToken`` if that is nothing.
    func standing(of token: VerifiedToken, _ call: Call) async throws(APIError) -> Standing {
        let standing = try await asAPIError(await useCases.findStanding(token))
        if case .void(let reason) = standing {
            log.record(
                .accessRefused(subject: token.subject, session: token.session, reason: reason), call.request)
            throw .invalidToken
        }
        return standing
    }

    /// Returns the token that a request with this head presents, good or not.
    ///
    /// - Throws: ``APIError/unauthenticated`` if it presents none.
    @discardableResult
    func presented(by head: RequestHead) throws(APIError) -> PresentedToken {
        guard let presented = try PresentedToken(head, or: cookies) else { throw .unauthenticated }
        return presented
    }

    private func checkPage(of call: Call) throws(APIError) {
        switch call.request.head.method {
        case .get, .head: try cookieGuard.checkReading(call)
        default: try cookieGuard.check(call)
        }
    }

    /// Returns what a good token says, whether or not its session goes on.
    ///
    /// - Throws: ``APIError/invalidToken`` if it is not good.
    func verify(
        _ presented: PresentedToken, audience: OwnTokens.Audience, _ call: Call
    ) async throws(APIError) -> VerifiedToken {
        do throws(OwnTokens.Refusal) {
            return try await useCases.ownTokens.verify(presented.token, audience: audience)
        } catch {
            switch error {
            case .staleKeys: throw .staleKeys
            case .token(let error):
                log.record(.accessRefused(reason: error.word), call.request)
                throw .invalidToken
            }
        }
    }
}
