// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore

/// Answers a service client with a token of its own (RFC 6749 §4.4).
struct ClientGrant: Sendable {
    private let grant: GrantClientToken
    private let keys: LoopKeys
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ keys: LoopKeys) {
        grant = GrantClientToken(
            clients: dependencies.store, tokens: dependencies.configuration.tokens,
            hasStatus: dependencies.configuration.status != nil)
        self.keys = keys
        events = dependencies.events
        now = dependencies.now
    }

    /// Answers with a token of `client`; the signature is made on the loop, one a turn.
    func answer(
        _ request: Request, _ wish: GrantClientToken.Wish, of client: ServiceClient
    ) async throws(ServiceError) -> Answer {
        let granted: GrantClientToken.Grant
        do throws(ClientTokenRefusal) {
            granted = try await grant(wish, of: client)
        } catch {
            throw ServiceError(error)
        }
        return .work { () throws(ServiceError) in
            try response(
                to: request, of: granted.client, audience: granted.audience, roles: granted.roles)
        }
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
        events.record(.clientTokenIssued(client: client.id), request)
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

extension GrantClientToken.Wish {
    init(_ members: RequestMembers) throws(ServiceError) {
        // There are no scopes; roles are asked for by their name.
        guard try members.text("scope") == nil else { throw .scopeNotGranted }
        self.init(audience: try members.audience(), roles: try members.texts("roles"))
    }
}
