// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier

/// `POST /revoke`: ends the session of a token, as a logout does (RFC 7009).
///
/// The tokens of logins belong to the public client `lanyard`, so who has one may revoke it. Whatever else is presented is
/// answered alike: what was asked for is so (§2.2).
struct PostRevoke: Endpoint {
    let context: EndpointContext

    let operation = Operation("Revoke a token", takes: .form(Self.shape), gives: .none)

    private static let shape = PresentedClient.shape(
        and: .init("token", .secret), .init("token_type_hint", .string).optional)

    var errorForm: ErrorForm { .oauth }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let members = try members(of: call.request)
        switch try PresentedClient(call.request.head, members) {
        case .named(let name):
            guard name == nil || name == AccessTokenIssuer.firstPartyClient else {
                throw .invalidClient
            }
            // A hint would only say where to look first (§2.1).
            try await revoke(members.requiredParameter("token"), call.request)
        case .secret(let credentials):
            let token = try await context.accessToken(members.requiredParameter("token"))
            let client = try await context.client(presenting: credentials, call.request)
            if let refusal = refusal(of: token, to: client) { throw refusal }
        }
        return .response(.revoked)
    }

    /// Ends the session of a login's token of either kind.
    private func revoke(_ token: String, _ request: Request) async throws(APIError) {
        let refreshToken = await context.useCases.keys.refreshToken(Array(token.utf8))
        let accessToken = refreshToken == nil ? try await context.accessToken(token, audience: .any) : nil
        guard let sessionID = refreshToken?.sessionID ?? accessToken?.session else { return }
        try await asAPIError(
            await context.useCases.endSessions(
                .one(id: sessionID, account: nil), .logout, by: context.log.caller(of: request)))
    }

    /// Returns why `token` stays good though its own client revokes it; `nil` for every other token.
    ///
    /// A service's token has no session that could end, and its status is that of all tokens of the client, which only an
    /// operator revokes.
    private func refusal(of token: VerifiedToken?, to client: ServiceClient) -> APIError? {
        guard let token, token.isOfService, token.client == client.id else { return nil }
        return .unsupportedTokenType
    }
}

extension Response {
    /// Answers that a token is not good any more, or never was (RFC 7009 §2.2).
    fileprivate static var revoked: Self {
        Self(status: 200, fields: [Field("Cache-Control", "no-store")])
    }
}
