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
    private let realm: String

    init(
        _ dependencies: Dependencies, _ keys: LoopKeys, _ clients: ClientAuthentication, _ refresh: RefreshEndpoint
    ) {
        self.clients = clients
        self.refresh = refresh
        grant = ClientGrant(dependencies, keys)
        realm = dependencies.configuration.issuer.text
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkForm(of: head)
    }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        let call = call.finishing { result in
            call.finish(
                result.map { response in
                    var response = response
                    response.fields.append(Response.Field("Pragma", "no-cache"))  // RFC 6749 §5.1.
                    return response
                })
        }
        return try call.inOAuth(realm: realm).answer { call throws(ServiceError) in
            let members = try RequestMembers(ofForm: call.request)
            let grantType = try members.requiredParameter("grant_type")
            let client = try PresentedClient(call.request.head, members)
            if grantType.hasSameBytes(as: "refresh_token") { return try refresh(call, members, client) }
            guard grantType.hasSameBytes(as: "client_credentials") else { throw .unsupportedGrantType }
            return try grantToken(call, members, client)
        }
    }

    private func refresh(
        _ call: Call, _ members: RequestMembers, _ client: PresentedClient
    ) throws(ServiceError) -> Outcome {
        switch client {
        case .secret(let credentials):
            // RFC 6749 §5.2: whatever the token is, it was not issued to this client.
            clients.authenticate(credentials, call) { _ in call.complete(with: .failure(.invalidGrant)) }
            return .pending
        case .named(let name):
            guard name?.hasSameBytes(as: AccessTokenIssuer.firstPartyClient) ?? true else { throw .invalidGrant }
            guard try members.text("scope") == nil else { throw .scopeNotGranted }
            return try refresh.refresh(call, with: members.requiredParameter("refresh_token"))
        }
    }

    private func grantToken(
        _ call: Call, _ members: RequestMembers, _ client: PresentedClient
    ) throws(ServiceError) -> Outcome {
        if case .named(let name?) = client, name.hasSameBytes(as: AccessTokenIssuer.firstPartyClient) {
            throw .unauthorizedClient  // RFC 6749 §4.4: confidential clients only.
        }
        let credentials = try client.requireSecret()
        let wish = try ClientGrant.Wish(members)
        clients.authenticate(credentials, call) { grant.answer(call, wish, of: $0) }
        return .pending
    }
}

extension RequestMembers {
    /// Returns a parameter; an empty one is none (RFC 6749 §3.2).
    func requiredParameter(_ name: String) throws(ServiceError) -> String {
        guard let text = try text(name) else { throw .invalidRequest("\(name) is missing.") }
        return text
    }
}
