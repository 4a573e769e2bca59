// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore

/// `POST /login`: credentials for tokens.
struct PostLogin: Endpoint {
    let context: EndpointContext

    let operation = Operation("Log in", takes: .members(Self.shape), gives: .json(TokenAnswer.shape))

    private static let shape = ObjectShape(
        .init("username", .string), .init("password", .secret), .init("audience", .stringOrStrings).optional,
        .init("resource", .stringOrStrings).optional, .init("roles", .strings).optional,
        .init("delivery", .string).optional, .init("label", .string).optional, .init("device", .string).optional)

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let wanted = try request(of: call)
        let caller = context.log.caller(of: call.request)
        let session: Session, account: Account
        do throws(LoginRefusal) {
            (session, account) = try await context.useCases.login(wanted, by: caller)
        } catch {
            throw APIError(error)
        }
        let respond: @Sendable () throws(APIError) -> Response = {
            [context, head = call.request.head] () throws(APIError) in
            // Without audience if a role was taken away while the password was hashed.
            try context.tokenAnswer.response(to: head, delivery: session.delivery, withoutAudience: .invalidTarget) {
                () throws(IssueRefusal) in try context.useCases.issueTokens(for: session, of: account)
            }
        }
        return .workThen(respond) { [end = context.useCases.endSessions] made throws(APIError) in
            guard case .success(let response) = made else {
                // Nobody has a token of the new session.
                _ = try? await end(.one(id: session.id, account: nil), .revoked, by: caller)
                return try made.get()
            }
            if let replaced = wanted.replaced {
                _ = try await asAPIError(await end(.one(id: replaced, account: nil), .replaced, by: caller))
            }
            return response
        }
    }

    private func request(of call: Call) throws(APIError) -> LoginRequest {
        // Before the first wait: the password is in what is returned alone from here on.
        defer { call.request.wipeContent() }
        var wanted = try LoginRequest(members(of: call.request), context.configuration.policies)
        guard wanted.delivery != .body else { return wanted }
        // Else another page could log its visitors in as somebody of its own.
        try context.cookieGuard.checkLogin(call)
        wanted.replaced = sessionOfCookie(in: call.request.head)
        return wanted
    }

    /// Returns the session of the cookie that the answer's cookie takes the place of, if it is one of ours.
    ///
    /// Whatever else stands there is no reason to refuse a login, which replaces it.
    private func sessionOfCookie(in head: RequestHead) -> SessionID? {
        guard let cookie = try? context.configuration.cookies.refreshToken(in: head) else { return nil }
        return context.useCases.keys.current.refreshTokens.decode(cookie)?.sessionID
    }
}
