// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardWeb

/// `DELETE /sessions/{id}`: logs the account out somewhere else, or here.
struct DeleteSession: Endpoint {
    let context: EndpointContext

    let operation = Operation("End a session of the account", gives: .none, status: 204)

    func answer(_ call: Call) async throws(APIError) -> Answer {
        guard let (_, id) = call.request.head.target.parentAndID else { throw .notFound }
        let owned = try await context.authentication.session(of: call)
        // Another account's session is not told from one that never was.
        let outcome = try await asAPIError(
            await context.useCases.endSessions(
                .one(id: SessionID(id), account: owned.account.id), .logout, by: context.log.caller(of: call.request)))
        guard !outcome.ended.isEmpty else { throw .notFound }
        return .response(.done)
    }
}
