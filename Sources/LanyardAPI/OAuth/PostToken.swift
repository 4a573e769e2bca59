// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore

/// `POST /token`: tokens in the words of OAuth 2.0, for refresh tokens of logins (RFC 6749 §6) and for services (§4.4).
///
/// The refresh tokens of logins belong to the public client `lanyard`, which does not authenticate itself. What `/refresh`
/// decides is the same here.
struct PostToken: Endpoint {
    let context: EndpointContext

    let operation = Operation("Get tokens (OAuth 2.0)", takes: .form(Self.shape), gives: .json(TokenAnswer.shape))

    private static let shape = PresentedClient.shape(
        and: .init("grant_type", .string), .init("refresh_token", .secret).optional, .init("scope", .string).optional,
        .init("audience", .strings).optional, .init("resource", .strings).optional, .init("roles", .strings).optional)

    var errorForm: ErrorForm { .oauth }

    // RFC 6749 §5.1.
    var responseFields: [Response.Field] { [Response.Field("Pragma", "no-cache")] }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let members = try members(of: call.request)
        let grantType = try members.requiredParameter("grant_type")
        let client = try PresentedClient(call.request.head, members)
        if grantType.hasSameBytes(as: "refresh_token") { return try await refresh(call, members, client) }
        guard grantType.hasSameBytes(as: "client_credentials") else { throw .unsupportedGrantType }
        return try await grantToken(call, members, client)
    }

    private func refresh(
        _ call: Call, _ members: RequestMembers, _ client: PresentedClient
    ) async throws(APIError) -> Answer {
        switch client {
        case .secret(let credentials):
            // RFC 6749 §5.2: whatever the token is, it was not issued to this client.
            _ = try await context.client(presenting: credentials, call.request)
            throw .invalidGrant
        case .named(let name):
            guard name == nil || name == AccessTokenIssuer.firstPartyClient else {
                throw .invalidGrant
            }
            guard try members.text("scope") == nil else { throw .scopeNotGranted }
            return try await context.refresh(call, with: Array(members.requiredParameter("refresh_token").utf8))
        }
    }

    private func grantToken(
        _ call: Call, _ members: RequestMembers, _ client: PresentedClient
    ) async throws(APIError) -> Answer {
        if case .named(AccessTokenIssuer.firstPartyClient?) = client {
            throw .unauthorizedClient  // RFC 6749 §4.4: confidential clients only.
        }
        let credentials = try client.requireSecret()
        let wish = try GrantClientToken.Wish(members)
        let authenticated = try await context.client(presenting: credentials, call.request)
        let granted: GrantClientToken.Grant
        do throws(ClientTokenRefusal) {
            granted = try await context.useCases.grantClientToken(wish, of: authenticated)
        } catch {
            throw APIError(error)
        }
        return .work { [context, request = call.request] () throws(APIError) in
            try context.tokenAnswer.response(to: request.head, delivery: .body, withoutAudience: .invalidTarget) {
                () throws(IssueRefusal) in
                try context.useCases.issueTokens(granted, by: context.log.caller(of: request))
            }
        }
    }
}

extension RequestMembers {
    /// Returns a parameter; an empty one is none (RFC 6749 §3.2).
    func requiredParameter(_ name: String) throws(APIError) -> String {
        guard let text = try text(name) else { throw .invalidRequest("\(name) is missing.") }
        return text
    }
}

extension GrantClientToken.Wish {
    fileprivate init(_ members: RequestMembers) throws(APIError) {
        // There are no scopes; roles are asked for by their name.
        guard try members.text("scope") == nil else { throw .scopeNotGranted }
        self.init(audience: try members.audience(), roles: try members.names("roles"))
    }
}
