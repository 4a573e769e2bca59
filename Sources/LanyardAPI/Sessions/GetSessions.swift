// SPDX-License-Identifier: Apache-2.0

internal import LanyardCoding
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore

/// `GET /sessions`: where the account is logged in, newest first.
struct GetSessions: Endpoint {
    let context: EndpointContext

    let operation = Operation("List the sessions of the account", gives: .json(Self.shape))

    private static let shape = ObjectShape(.init("sessions", .objects(session)))
    private static let session = ObjectShape(
        .init("id", .string), .init("label", .string).nullable, .init("created", .time), .init("last_used", .time),
        .init("network", .string).nullable, .init("current", .boolean))

    func answer(_ call: Call) async throws(APIError) -> Answer {
        let owned = try await context.authentication.session(of: call)
        let limit = min(context.configuration.policies.sessions.maximumPerAccount, Self.longestList)
        let sessions = try await asAPIError(await context.useCases.listSessions(of: owned.account.id, limit: limit))
        let list = sessions.map { session in
            session.json(isCurrent: session.id == owned.session.id)
        }
        let json: JSONValue = ["sessions": .array(list)]
        return .response(Response(json: json.bytes))
    }

    /// Some 200 KiB of JSON; an account that has more sessions sees the newest.
    private static let longestList = 1_000
}
