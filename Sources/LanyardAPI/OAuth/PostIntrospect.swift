// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardVerifier

/// `POST /introspect`: says whether an access token is good now, and what it says (RFC 7662).
///
/// Any service client may ask about any access token. About a token that is not active nothing is said, not even why (§2.2);
/// refresh tokens are none that a service could be given.
struct PostIntrospect: Endpoint {
    let context: EndpointContext

    let operation = Operation("Say whether a token is active", takes: .form(Self.shape), gives: .json(Self.answer))

    private static let shape = PresentedClient.shape(
        and: .init("token", .secret), .init("token_type_hint", .string).optional)
    private static let answer = ObjectShape(
        .init("active", .boolean), .init("iss", .string).optional, .init("sub", .string).optional,
        .init("aud", .stringOrStrings).optional, .init("exp", .integer).optional, .init("iat", .integer).optional,
        .init("nbf", .integer).optional, .init("jti", .string).optional, .init("client_id", .string).optional,
        .init("token_type", .string).optional, .init("username", .string).optional, .init("sid", .string).optional,
        .init("roles", .strings).optional)

    var errorForm: ErrorForm { .oauth }

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let members = try members(of: call.request)
        let credentials = try PresentedClient(call.request.head, members).requireSecret()
        // A hint would only say where to look first (§2.1).
        let token = try await context.accessToken(members.requiredParameter("token"))
        _ = try await context.client(presenting: credentials, call.request)
        guard let token, let roles = try await asAPIError(await context.useCases.findStanding(token)).roles(of: token)
        else { return .response(.inactive) }
        return .response(Response(active: token, roles: roles))
    }
}

extension Response {
    /// What is said of every token that is not active.
    fileprivate static var inactive: Self { Self(json: Array(#"{"active":false}"#.utf8)) }

    /// Says what an active token says, but for roles that were taken away since.
    fileprivate init(active token: VerifiedToken, roles: Roles) {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("active", true)
        for name in ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id"] {
            if let value = token.claims[name] { writer.member(name, value: value) }
        }
        writer.member("token_type", "Bearer")
        if let username = token.username { writer.member("username", username) }
        if let sessionID = token.sessionID { writer.member("sid", sessionID) }
        writer.member("roles", roles.texts)
        writer.endObject()
        self.init(json: writer.finish())
    }
}
