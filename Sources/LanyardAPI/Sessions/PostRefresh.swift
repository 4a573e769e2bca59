// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardWeb

/// `POST /refresh`: a refresh token for new tokens.
struct PostRefresh: Endpoint {
    let context: EndpointContext

    let operation = Operation("Get new tokens", takes: .members(Self.shape), gives: .json(TokenAnswer.shape))

    private static let shape = ObjectShape(.init("refresh_token", .secret).optional)

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let members = try members(of: call.request)
        if try members.text("refresh_token") == nil,
            let cookie = try context.configuration.cookies.refreshToken(in: call.request.head)
        {
            try context.cookieGuard.check(call)
            return try await context.refresh(call, with: cookie, isCookie: true)
        }
        return try await context.refresh(call, with: Array(members.requiredText("refresh_token").utf8))
    }
}

extension EndpointContext {
    /// Answers a request that presents a refresh token.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - token: The refresh token; it may be anything.
    ///   - isCookie: Whether a browser has it in a cookie: then it is answered in the way that the session was opened, else in
    ///     the body.
    /// - Returns: The answer with new tokens.
    /// - Throws: ``APIError/invalidGrant`` if the token is not good; ``APIError/invalidToken`` if an access token that is
    ///   presented with it is not.
    func refresh(_ call: Call, with token: [UInt8], isCookie: Bool = false) async throws(APIError) -> Answer {
        let head = call.request.head
        let granted: Refresh.Granted
        let accessToken = try boundToken(in: head)
        do throws(RefreshRefusal) {
            granted = try await useCases.refresh(
                token, with: accessToken, while: { !call.isAbandoned }, by: log.caller(of: call.request))
        } catch {
            throw APIError(error)
        }
        let kept = granted.decision.keepsToken ? String(decoding: token, as: UTF8.self) : nil
        let delivery = isCookie ? granted.session.delivery : .body
        return .work { [self] () throws(APIError) in
            try tokenAnswer.response(to: head, delivery: delivery, withoutAudience: .invalidGrant) {
                () throws(IssueRefusal) in
                try useCases.issueTokens(for: granted.session, of: granted.account, keeping: kept)
            }
        }
    }

    /// Returns the access token that ties a refresh to its client, if one is presented.
    ///
    /// A cookie counts where there must be a token; else it may be a leftover of another session, which is no reason to refuse.
    private func boundToken(in head: RequestHead) throws(APIError) -> [UInt8]? {
        guard configuration.policies.sessions.requiresAccessToken else { return BearerField(head)?.token }
        return try PresentedToken(head, or: configuration.cookies)?.token
    }
}

extension RefreshDecision {
    /// Whether the client keeps the token that it has presented.
    fileprivate var keepsToken: Bool { self == .keep || self == .ahead }
}
