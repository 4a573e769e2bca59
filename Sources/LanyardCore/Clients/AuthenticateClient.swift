// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardStore

/// The credentials of a service client for the client.
package struct AuthenticateClient: Sendable {
    let clients: any ClientStore
    let judge: TryJudge

    /// Returns the client that `credentials` are right for.
    package func callAsFunction(
        _ credentials: ClientCredentials, by caller: Caller
    ) async throws(ClientRefusal) -> ServiceClient {
        let client = try await rethrowing(as: ClientRefusal.store, await clients.client(id: credentials.id))
        // Compared for an unknown client too, so that both cases take equally long.
        let expected = client?.secretHash ?? Self.placeholderHash
        let isRight = isEqualInConstantTime(credentials.secretHash, expected) && client != nil
        let refusal = try await rethrowing(
            as: ClientRefusal.store, await judge.judge(client: credentials.id, isRight: isRight, by: caller))
        switch refusal {
        case nil:
            guard let client else { throw .internal }
            return client
        case .wrong:
            caller.record(
                .clientRefused(client: client?.id, reason: client == nil ? "unknown_client" : "wrong_secret"))
            throw .wrongCredentials
        case .limited(let seconds):
            caller.record(.clientLimited(client: client?.id))
            throw .limited(seconds: seconds)
        }
    }

    private static let placeholderHash = [UInt8](repeating: 0, count: 32)
}

/// Why a service client was not authenticated.
package enum ClientRefusal: Error {
    /// Unknown client or wrong secret.
    case wrongCredentials
    /// Too many failed attempts; how long until the next one counts.
    case limited(seconds: Int64)
    /// The store did not make a step.
    case store(StoreError)
    /// A bug.
    case `internal`
}
