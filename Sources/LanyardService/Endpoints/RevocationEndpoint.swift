// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier

/// `POST /revoke`: ends the session of a token, as a logout does (RFC 7009).
///
/// The tokens of logins belong to the public client `lanyard`, so who has one may revoke it. Whatever else is presented is
/// answered alike: what was asked for is so (§2.2).
struct RevocationEndpoint: Endpoint {
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let keys: LoopKeys
    private let clients: ClientAuthentication
    private let inspection: TokenInspection
    private let realm: String
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    init(
        _ dependencies: Dependencies, _ keys: LoopKeys, _ clients: ClientAuthentication, _ inspection: TokenInspection
    ) {
        store = dependencies.store
        lifetimes = dependencies.configuration.sessions
        self.keys = keys
        self.clients = clients
        self.inspection = inspection
        realm = dependencies.configuration.issuer.text
        events = dependencies.events
        now = dependencies.now
    }

    func check(_ head: RequestHead) throws(ServiceError) {
        try RequestMembers.checkForm(of: head)
    }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        try call.inOAuth(realm: realm).answer { call throws(ServiceError) in
            let members = try RequestMembers(ofForm: call.request)
            let client = try PresentedClient(call.request.head, members)
            switch client {
            case .named(let name):
                guard name?.hasSameBytes(as: AccessTokenIssuer.firstPartyClient) ?? true else { throw .invalidClient }
                // A hint would only say where to look first (§2.1).
                return try revoke(members.requiredParameter("token"), call)
            case .secret(let credentials):
                let token = try inspection.accessToken(members.requiredParameter("token"), of: call)
                clients.authenticate(credentials, call) { client in
                    call.complete(with: refusal(of: token, to: client).map { .failure($0) } ?? .success(.revoked))
                }
                return .pending
            }
        }
    }

    /// Ends the session of a login's token of either kind.
    private func revoke(_ token: String, _ call: Call) throws(ServiceError) -> Outcome {
        let refreshToken = try keys.refreshToken(Array(token.utf8), of: call)
        let accessToken = refreshToken == nil ? try inspection.accessToken(token, of: call, isForUs: false) : nil
        guard let sessionID = refreshToken?.sessionID ?? accessToken?.sessionID else {
            return .respond(call.finish(.success(.revoked)))
        }
        let ending = SessionEnding(.one(id: sessionID, account: nil), cause: .logout, lifetimes: lifetimes)
        store.endSessions(ending, at: now()) { result in
            switch result {
            case .success(let outcome):
                events.sessionsEnded(outcome.ended, call.request)
                call.complete(with: .success(.revoked))
            case .failure(let error):
                call.fail(error, events)
            }
        }
        return .pending
    }

    /// Returns why `token` stays good though its own client revokes it; `nil` for every other token.
    ///
    /// A service's token has no session that could end, and its status is that of all tokens of the client, which only an
    /// operator revokes.
    private func refusal(of token: VerifiedToken?, to client: ServiceClient) -> ServiceError? {
        guard let token, token.isOfService, token.clientID.hasSameBytes(as: client.id) else { return nil }
        return .unsupportedTokenType
    }
}

extension Response {
    /// Answers that a token is not good any more, or never was (RFC 7009 §2.2).
    fileprivate static var revoked: Self {
        Self(status: 200, fields: [Field("Cache-Control", "no-store")])
    }
}
