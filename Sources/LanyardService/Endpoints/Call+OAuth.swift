// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

extension Call {
    /// The same call, whose errors are answered in the form of OAuth where OAuth has a word for them (RFC 6749 §5.2).
    ///
    /// - Parameter realm: The issuer, for challenges.
    func inOAuth(realm: String) -> Call {
        Call(request: request, ticket: ticket) { result in
            guard case .failure(let error) = result, error.isOfOAuth else { return finish(result) }
            return finish(.success(Response(oauth: error, realm: realm, id: request.context.id)))
        }
    }

    /// Answers with what `body` does, or at once with what it throws.
    func answer(_ body: (Call) throws(ServiceError) -> Outcome) -> Outcome {
        do throws(ServiceError) {
            return try body(self)
        } catch {
            return .respond(finish(.failure(error)))
        }
    }
}
