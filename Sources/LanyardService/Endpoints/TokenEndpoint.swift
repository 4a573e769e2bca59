// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// `POST /token`: tokens in the words of OAuth 2.0, for refresh tokens of logins (RFC 6749 §6) and for services (§4.4).
///
/// The refresh tokens of logins belong to the public client `lanyard`, which does not authenticate itself. What
/// ``RefreshEndpoint`` decides is the same here.
struct TokenEndpoint: Endpoint {
    private let clients: ClientAuthentication
    private let grant: ClientGrant
    private let refresh: RefreshEndpoint

    init(
        _ dependencies: Dependencies, _ keys: LoopKeys, _ clients: ClientAuthentication, _ refresh: RefreshEndpoint
    ) {
        self.clients = clients
        self.refresh = refresh
        grant = ClientGrant(dependencies, keys)
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkForm(of: head)
    }

    var answersInOAuth: Bool { true }

    // RFC 6749 §5.1.
    var responseFields: [Response.Field] { [Response.Field("Pragma", "no-cache")] }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        let members = try RequestMembers(ofForm: call.request)
        let grantType = try members.requiredParameter("grant_type")
        let client = try PresentedClient(call.request.head, members)
        if grantType.hasSameBytes(as: "refresh_token") { return try await refresh(call, members, client) }
        guard grantType.hasSameBytes(as: "client_credentials") else { throw .unsupportedGrantType }
        return try await grantToken(call, members, client)
    }

    private func refresh(
        _ call: Call, _ members: RequestMembers, _ client: PresentedClient
    ) async throws(ServiceError) -> Answer {
        switch client {
        case .secret(let credentials):
            // RFC 6749 §5.2: whatever the token is, it was not issued to this client.
            _ = try await clients.client(presenting: credentials, call.request)
            throw .invalidGrant
        case .named(let name):
            guard name?.hasSameBytes(as: AccessTokenIssuer.firstPartyClient) ?? true else { throw .invalidGrant }
            guard try members.text("scope") == nil else { throw .scopeNotGranted }
            return try await refresh.refresh(call, with: members.requiredParameter("refresh_token"))
        }
    }

    private func grantToken(
        _ call: Call, _ members: RequestMembers, _ client: PresentedClient
    ) async throws(ServiceError) -> Answer {
        if case .named(let name?) = client, name.hasSameBytes(as: AccessTokenIssuer.firstPartyClient) {
            throw .unauthorizedClient  // RFC 6749 §4.4: confidential clients only.
        }
        let credentials = try client.requireSecret()
        let wish = try GrantClientToken.Wish(members)
        let authenticated = try await clients.client(presenting: credentials, call.request)
        return try await grant.answer(call.request, wish, of: authenticated)
    }
}

extension RequestMembers {
    /// Returns a parameter; an empty one is none (RFC 6749 §3.2).
    func requiredParameter(_ name: String) throws(ServiceError) -> String {
        guard let text = try text(name) else { throw .invalidRequest("\(name) is missing.") }
        return text
    }
}
