// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardWeb

/// `POST /logout`: ends the session of a refresh token or of an access token, or with `all` every session of its account.
///
/// A refresh token in the body is what counts, with or without an access token beside it: a client that logs out presents
/// what it has, and the access token is the one that may have expired.
struct PostLogout: Endpoint {
    let context: EndpointContext

    let operation = Operation("Log out", takes: .members(Self.shape), gives: .none, status: 204)

    private static let shape = ObjectShape(
        .init("refresh_token", .secret).optional, .init("all", .boolean).optional)

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let members = try members(of: call.request)
        let all = try members.flag("all")
        let presented = try await session(of: call, members)
        let scope: SessionEnding.Scope =
            all ? .allBeside(id: presented.id, generation: presented.generation) : .one(id: presented.id, account: nil)
        // One that is over or unknown is answered alike: what was asked for is so.
        try await asAPIError(
            await context.useCases.endSessions(scope, .logout, by: context.log.caller(of: call.request)))
        var response = Response.done
        let page = call.page
        // A form of any site may log its own session out; the cookies of whoever visits it stay.
        if page.mayUseCookies || !page.isSaid { response.fields += context.configuration.cookies.clearing }
        return .response(response)
    }

    /// Returns the session that the request presents a token of, and the token's generation if it is a refresh token: the
    /// store then finds whether it may ask for all sessions.
    private func session(
        of call: Call, _ members: RequestMembers
    ) async throws(APIError) -> (id: SessionID, generation: Int64?) {
        if let text = try refreshToken(members, call) {
            guard let token = await context.useCases.keys.refreshToken(text) else {
                context.log.record(.logoutRefused(reason: "forged"), call.request)
                throw .invalidGrant
            }
            return (token.sessionID, token.generation)
        }
        guard try PresentedToken(call.request.head, or: context.configuration.cookies) != nil else {
            throw .invalidRequest("Present refresh_token, its cookie, or an access token.")
        }
        return (try await context.authentication.session(of: call).session.id, nil)
    }

    /// Returns the refresh token of the body, or that of a cookie that counts.
    ///
    /// A cookie that does not count is no reason to refuse a client that shows by its access token what it wants.
    private func refreshToken(
        _ members: RequestMembers, _ call: Call
    ) throws(APIError) -> [UInt8]? {
        if let text = try members.text("refresh_token") { return Array(text.utf8) }
        let head = call.request.head
        if BearerField(head) != nil, !call.page.mayUseCookies { return nil }
        guard let cookie = try context.configuration.cookies.refreshToken(in: head) else { return nil }
        try context.cookieGuard.check(call)
        return cookie
    }
}

extension Response {
    /// Answers that what was asked for is done, and that there is nothing to say of it.
    static var done: Self {
        Self(status: 204, fields: [Field("Cache-Control", "no-store")])
    }
}
