// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardHTTP

/// `POST /token`: what ``RefreshEndpoint`` does, in the words of OAuth 2.0 (RFC 6749 §6).
///
/// The refresh tokens of logins belong to the public client `lanyard`, which does not authenticate itself; nor does any other.
struct TokenEndpoint: Endpoint {
    private let refresh: RefreshEndpoint
    private let realm: String

    /// Creates the endpoint.
    ///
    /// - Parameters:
    ///   - refresh: What decides about refresh tokens.
    ///   - realm: The issuer, for challenges.
    init(_ refresh: RefreshEndpoint, realm: String) {
        self.refresh = refresh
        self.realm = realm
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkForm(of: head)
    }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        let call = Call(request: call.request, ticket: call.ticket) { [realm] result in
            let id = call.request.context.id
            switch result {
            case .success(var response):
                response.fields.append(Response.Field("Pragma", "no-cache"))  // RFC 6749 §5.1.
                return call.finish(.success(response))
            case .failure(let error):
                let response = error.isOfOAuth ? Response(oauth: error, realm: realm, id: id) : nil
                return call.finish(response.map(Result.success) ?? result)
            }
        }
        do throws(ServiceError) {
            return try refresh.refresh(call, with: refreshToken(of: call.request))
        } catch {
            return .respond(call.finish(.failure(error)))
        }
    }

    /// Returns the refresh token of a request that may present one.
    ///
    /// `Authorization: Bearer` is no client authentication; it ties the refresh to its session.
    private func refreshToken(of request: Request) throws(ServiceError) -> String {
        let members = try RequestMembers(ofForm: request)
        let grantType = try Self.required("grant_type", of: members)
        try refuseCredentials(request.head, members)
        guard grantType.hasSameBytes(as: "refresh_token") else { throw .unsupportedGrantType }
        let client = try members.text("client_id") ?? Self.client
        // RFC 6749 §5.2: the token was not issued to another client.
        guard client.hasSameBytes(as: Self.client) else { throw .invalidGrant }
        guard try members.text("scope") == nil else { throw .scopeNotGranted }
        return try Self.required("refresh_token", of: members)
    }

    /// Throws if a client authenticates itself, in whichever way (RFC 6749 §2.3, RFC 7521 §4.2).
    private func refuseCredentials(_ head: RequestHead, _ members: RequestMembers) throws(ServiceError) {
        for name in ["client_secret", "client_assertion"] {
            guard try members.text(name) == nil else { throw .invalidClient }
        }
        guard head.value(of: "authorization") == nil || BearerField(head) != nil else { throw .invalidClient }
    }

    /// Returns a parameter; an empty one is none (RFC 6749 §3.2).
    private static func required(_ name: String, of members: RequestMembers) throws(ServiceError) -> String {
        guard let text = try members.text(name) else { throw .invalidRequest("\(name) is missing.") }
        return text
    }

    /// The public client of all logins.
    private static let client = "lanyard"
}
