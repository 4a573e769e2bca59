// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// `DELETE /sessions/{id}`: logs the account out somewhere else, or here.
struct SessionEndpoint: Endpoint {
    private let store: any Store
    private let lifetimes: SessionLifetimes
    private let authentication: Authentication
    private let events: EventLog
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ authentication: Authentication) {
        store = dependencies.store
        lifetimes = dependencies.configuration.sessions
        self.authentication = authentication
        events = dependencies.events
        now = dependencies.now
    }

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        guard let (_, id) = call.request.head.target.parentAndID else { throw .notFound }
        return try authentication.answer(call) { owned in
            // Another account's session is not told from one that never was.
            let scope = SessionEnding.Scope.one(id: id, account: owned.account.id)
            let ending = SessionEnding(scope, cause: .logout, lifetimes: lifetimes)
            store.endSessions(ending, at: now()) { result in
                switch result {
                case .success(let outcome):
                    events.sessionsEnded(outcome.ended, call.request)
                    call.complete(with: outcome.ended.isEmpty ? .failure(.notFound) : .success(.done))
                case .failure(let error):
                    call.fail(error, events)
                }
            }
        }
    }
}
