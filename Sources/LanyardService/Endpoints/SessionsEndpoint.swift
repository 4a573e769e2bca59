// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCoding
internal import LanyardHTTP
internal import LanyardStore

/// `GET /sessions`: where the account is logged in, newest first.
struct SessionsEndpoint: Endpoint {
    private let store: any SessionStore
    private let lifetimes: SessionLifetimes
    private let limit: Int
    private let authentication: Authentication
    private let now: @Sendable () -> UnixTime

    init(_ dependencies: Dependencies, _ authentication: Authentication) {
        store = dependencies.store
        lifetimes = dependencies.configuration.sessions
        limit = min(dependencies.configuration.maximumSessionsPerAccount, Self.longestList)
        self.authentication = authentication
        now = dependencies.now
    }

    func answer(_ call: Call) async throws(ServiceError) -> Answer {
        let owned = try await authentication.session(of: call)
        let sessions = try await asServiceError(
            await store.sessions(ofAccount: owned.account.id, lifetimes: lifetimes, limit: limit, at: now()))
        let list = sessions.map { session in
            session.json(isCurrent: session.id.hasSameBytes(as: owned.session.id))
        }
        let json: JSONValue = ["sessions": .array(list)]
        return .response(Response(json: json.bytes))
    }

    /// Some 200 KiB of JSON; an account that has more sessions sees the newest.
    private static let longestList = 1_000
}
