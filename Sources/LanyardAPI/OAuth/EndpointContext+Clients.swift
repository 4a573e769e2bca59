// SPDX-License-Identifier: Apache-2.0

internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardVerifier

extension EndpointContext {
    /// Returns the client that `credentials` are right for.
    ///
    /// - Throws: ``APIError/invalidClient`` if there is none; ``APIError/rateLimited(seconds:)`` after too many
    ///   failures.
    func client(
        presenting credentials: ClientCredentials, _ request: Request
    ) async throws(APIError) -> ServiceClient {
        do throws(ClientRefusal) {
            return try await useCases.authenticateClient(credentials, by: log.caller(of: request))
        } catch {
            throw APIError(error)
        }
    }

    /// Returns the token that `text` is, if it is one of ours and has not expired; asks the store nothing.
    ///
    /// - Throws: ``APIError/staleKeys`` if the keys were read too long ago to tell, and cannot be read now.
    func accessToken(
        _ text: String, audience: OwnTokens.Audience = .served
    ) async throws(APIError) -> VerifiedToken? {
        do throws(OwnTokens.Refusal) {
            return try await useCases.ownTokens.verify(Array(text.utf8), audience: audience)
        } catch {
            if case .staleKeys = error { throw .staleKeys }
            return nil
        }
    }
}
