// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// Finds out whether a service client is who it says.
struct ClientAuthentication: Sendable {
    private let store: any ClientStore
    private let judge: TryJudge
    private let events: EventLog

    init(_ dependencies: Dependencies) {
        store = dependencies.store
        judge = TryJudge(dependencies)
        events = dependencies.events
    }

    /// Returns the client that `credentials` are right for.
    ///
    /// - Throws: ``ServiceError/invalidClient`` if there is none; ``ServiceError/rateLimited(seconds:)`` after too many
    ///   failures.
    func client(presenting credentials: ClientCredentials, _ request: Request) async throws(ServiceError)
        -> ServiceClient
    {
        let client = try await asServiceError(await store.client(id: credentials.id))
        // Of no client too, so that its answer takes as long.
        let expected = client?.secretHash ?? Self.nobodys
        let isRight = isEqualInConstantTime(credentials.secretHash, expected) && client != nil
        let refusal = try await asServiceError(await judge.judge(client: credentials.id, isRight: isRight, request))
        switch refusal {
        case nil:
            guard let client else { throw .internal }
            return client
        case .wrong:
            events.record(
                .clientRefused(client: client?.id, reason: client == nil ? "unknown_client" : "wrong_secret"), request)
            throw .invalidClient
        case .limited(let seconds):
            events.record(.clientLimited(client: client?.id), request)
            throw .rateLimited(seconds: seconds)
        }
    }

    private static let nobodys = [UInt8](repeating: 0, count: 32)
}
