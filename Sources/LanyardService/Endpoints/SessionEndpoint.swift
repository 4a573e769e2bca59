// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// `DELETE /sessions/{id}`: logs the account out somewhere else, or here.
struct SessionEndpoint: Endpoint {
    private let end: EndSessions
    private let authentication: Authentication
    private let callers: Callers

    init(_ dependencies: Dependencies, _ authentication: Authentication) {
        end = EndSessions(dependencies)
        self.authentication = authentication
        callers = Callers(dependencies)
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        guard let (_, id) = call.request.head.target.parentAndID else { throw .notFound }
        let owned = try await authentication.session(of: call)
        // Another account's session is not told from one that never was.
        let outcome = try await asServiceError(
            await end(.one(id: id, account: owned.account.id), .logout, by: callers.caller(of: call.request)))
        guard !outcome.ended.isEmpty else { throw .notFound }
        return .response(.done)
    }
}
