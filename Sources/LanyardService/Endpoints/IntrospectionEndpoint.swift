// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardVerifier

/// `POST /introspect`: says whether an access token is good now, and what it says (RFC 7662).
///
/// Any service client may ask about any access token. About a token that is not active nothing is said, not even why (§2.2);
/// refresh tokens are none that a service could be given.
struct IntrospectionEndpoint: Endpoint {
    private let clients: ClientAuthentication
    private let inspection: TokenInspection

    init(_ dependencies: Dependencies, _ clients: ClientAuthentication, _ inspection: TokenInspection) {
        self.clients = clients
        self.inspection = inspection
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkForm(of: head)
    }

    var answersInOAuth: Bool { true }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        let members = try RequestMembers(ofForm: call.request)
        let credentials = try PresentedClient(call.request.head, members).requireSecret()
        // A hint would only say where to look first (§2.1).
        let token = try await inspection.accessToken(members.requiredParameter("token"))
        _ = try await clients.client(presenting: credentials, call.request)
        guard let token, let roles = try await inspection.roles(of: token) else { return .response(.inactive) }
        return .response(Response(active: token, roles: roles))
    }
}

extension Response {
    /// What is said of every token that is not active.
    fileprivate static var inactive: Self { Self(json: Array(#"{"active":false}"#.utf8)) }

    /// Says what an active token says, but for roles that were taken away since.
    fileprivate init(active token: VerifiedToken, roles: [String]) {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("active", true)
        for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id"] {
            if let value = token.claims[name] { writer.member(name, value: value) }
        }
        writer.member("token_type", "Bearer")
        if let username = token.username { writer.member("username", username) }
        if let sessionID = token.sessionID { writer.member("sid", sessionID) }
        writer.member("roles", roles)
        writer.endObject()
        self.init(json: writer.finish())
    }
}
