// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore

/// `GET /me`: the account as it is now, and the session that asks.
struct GetMe: Endpoint {
    let context: EndpointContext

    let operation = Operation("Show the account and the session", gives: .json(Self.shape))

    private static let shape = ObjectShape(
        .init("id", .string), .init("username", .string), .init("email", .string).nullable, .init("roles", .strings),
        .init("claims", .anyObject), .init("session", .object(session)))
    private static let session = ObjectShape(
        .init("id", .string), .init("label", .string).nullable, .init("created", .time), .init("expires", .time))

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let owned = try await context.authentication.session(of: call)
        return .response(Response(json: json(owned).bytes))
    }

    private func json(_ owned: SessionOwned) -> JSONValue {
        let (account, session) = (owned.account, owned.session)
        return [
            "id": .string(account.id.text),
            "username": .string(account.name),
            "email": account.email.map(JSONValue.string) ?? nil,
            // Those that the session's next token carries: who asked for fewer at login is not shown more.
            "roles": .array(session.roles(of: account).texts.map(JSONValue.string)),
            "claims": AccountClaims(trusted: account.claims).value,
            "session": [
                "id": .string(session.id.text),
                "label": session.label.map(JSONValue.string) ?? nil,
                "created": .string(session.createdAt.rfc3339),
                "expires": .string(context.configuration.policies.sessions.lifetimes.end(of: session).at.rfc3339),
            ],
        ]
    }
}
