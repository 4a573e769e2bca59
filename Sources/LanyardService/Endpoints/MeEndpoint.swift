// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore

/// `GET /me`: the account as it is now, and the session that asks.
struct MeEndpoint: Endpoint {
    private let lifetimes: SessionLifetimes
    private let authentication: Authentication

    init(_ dependencies: Dependencies, _ authentication: Authentication) {
        lifetimes = dependencies.configuration.sessions
        self.authentication = authentication
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        let owned = try await authentication.session(of: call)
        return .response(Response(json: json(owned).bytes))
    }

    private func json(_ owned: SessionOwned) -> JSONValue {
        let (account, session) = (owned.account, owned.session)
        return [
            "id": .string(account.id),
            "username": .string(account.name),
            "email": account.email.map(JSONValue.string) ?? nil,
            // Those that the session's next token carries: who asked for fewer at login is not shown more.
            "roles": .array(session.roles(of: account).map(JSONValue.string)),
            "claims": AccountClaims(trusted: account.claims).value,
            "session": [
                "id": .string(session.id),
                "label": session.label.map(JSONValue.string) ?? nil,
                "created": .string(session.createdAt.rfc3339),
                "expires": .string(lifetimes.end(of: session).at.rfc3339),
            ],
        ]
    }
}
