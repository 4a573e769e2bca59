// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
internal import LanyardStore

/// Finds out whether a service client is who it says.
struct ClientAuthentication: Sendable {
    private let store: any Store
    private let judge: TryJudge
    private let events: EventLog

    init(_ dependencies: Dependencies) {
        store = dependencies.store
        judge = TryJudge(dependencies)
        events = dependencies.events
    }

    /// Goes on with the client that `credentials` are right for; answers `call` itself if there is none.
    func authenticate(
        _ credentials: ClientCredentials, _ call: Call, then proceed: @escaping @Sendable (ServiceClient) -> Void
    ) {
        store.client(id: credentials.id) { result in
            switch result {
            case .failure(let error): call.fail(error, events)
            case .success(let client): check(credentials, of: client, call, then: proceed)
            }
        }
    }

    private func check(
        _ credentials: ClientCredentials, of client: ServiceClient?, _ call: Call,
        then proceed: @escaping @Sendable (ServiceClient) -> Void
    ) {
        // Of no client too, so that its answer takes as long.
        let expected = client?.secretHash ?? Self.nobodys
        let isRight = isEqualInConstantTime(credentials.secretHash, expected) && client != nil
        judge.judge(client: credentials.id, isRight: isRight, call.request) { result in
            switch result {
            case .success(nil):
                if let client { proceed(client) }
            case .success(.wrong):
                events.clientRefused(
                    call.request, client: client?.id, reason: client == nil ? "unknown_client" : "wrong_secret")
                call.complete(with: .failure(.invalidClient))
            case .success(.limited(let seconds)):
                events.clientLimited(call.request, client: client?.id)
                call.complete(with: .failure(.rateLimited(seconds: seconds)))
            case .failure(let error):
                call.fail(error, events)
            }
        }
    }

    private static let nobodys = [UInt8](repeating: 0, count: 32)
}
