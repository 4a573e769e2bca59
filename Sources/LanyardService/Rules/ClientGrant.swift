// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore

/// Gives a service client a token of its own (RFC 6749 §4.4).
struct ClientGrant: Sendable {
    private let configuration: ServiceConfiguration.Tokens
    private let hasStatus: Bool
    private let store: any Store
    private let keys: LoopKeys
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    /// What a client asks for.
    struct Wish: Sendable {
        /// The audience; `nil` for the default.
        let audience: [String]?
        /// The roles; `nil` for all that the client has.
        let roles: [String]?

        init(_ members: RequestMembers) throws(ServiceError) {
            // There are no scopes; roles are asked for by their name.
            guard try members.text("scope") == nil else { throw .scopeNotGranted }
            audience = try members.audience()
            roles = try members.texts("roles")
        }
    }

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        configuration = dependencies.configuration.tokens
        hasStatus = dependencies.configuration.status != nil
        store = dependencies.store
        self.keys = keys
        events = dependencies.events
        now = dependencies.now
    }

    /// Answers with a token of `client`; the signature is made on the loop, one a turn.
    func answer(_ request: Request, _ wish: Wish, of client: ServiceClient) async throws(ServiceError) -> Answer {
        let audience = wish.audience ?? [configuration.audience[0]]
        guard audience.allSatisfy({ configuration.allows($0, holding: client.roles) }) else { throw .invalidTarget }
        let roles = wish.roles ?? client.roles
        guard roles.allSatisfy({ role in client.roles.contains { $0.hasSameBytes(as: role) } }) else {
            throw .invalidScope
        }
        let placed = try await placed(client)
        return .work { () throws(ServiceError) in
            try response(to: request, of: placed, audience: audience, roles: roles)
        }
    }

    /// Returns the client with its status index, which it gets with its first token and keeps.
    private func placed(_ client: ServiceClient) async throws(ServiceError) -> ServiceClient {
        guard hasStatus, client.status == nil else { return client }
        // It may have been removed since it authenticated itself.
        guard let client = try await asServiceError(await store.assignStatusIndex(toClient: client.id)) else {
            throw .invalidClient
        }
        return client
    }

    private func response(
        to request: Request, of client: ServiceClient, audience: [String], roles: [String]
    ) throws(ServiceError) -> Response {
        let issuer = try keys.issuer
        let now = now()
        guard let (token, expires) = try? issuer.token(forClient: client, audience: audience, roles: roles, at: now)
        else { throw .internal }
        try AccessTokenIssuer.checkLength(of: token)
        events.metrics.tokensIssued.count(issuer.algorithm)
        events.clientToken(request, client: client.id)
        if AcceptField(request.head).prefers("application/jwt") {
            return Response(bareToken: token)
        }
        let expiresIn = expires.seconds - now.seconds
        var writer = JSONWriter(capacity: 1_536)
        writer.beginObject()
        writer.name("access_token")
        writer.string(ascii: token)
        writer.member("token_type", "Bearer")
        writer.member("expires_in", expiresIn)
        // No refresh token (RFC 6749 §4.4.3): who has the secret asks again.
        writer.member("refresh_after", TokenResponder.refreshAfter(expiresIn))
        writer.endObject()
        return Response(json: writer.finish())
    }
}
