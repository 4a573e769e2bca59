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

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        guard let (_, id) = call.request.head.target.parentAndID else { throw .notFound }
        let owned = try await authentication.session(of: call)
        // Another account's session is not told from one that never was.
        let ending = SessionEnding(.one(id: id, account: owned.account.id), cause: .logout, lifetimes: lifetimes)
        let outcome = try await asServiceError(await store.endSessions(ending, at: now()))
        events.sessionsEnded(outcome.ended, call.request)
        guard !outcome.ended.isEmpty else { throw .notFound }
        return .response(.done)
    }
}
