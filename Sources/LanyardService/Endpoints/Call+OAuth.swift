// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

extension Call {
    /// Returns the same call, whose errors are answered in the form of OAuth where it has a word for them (RFC 6749 §5.2).
    ///
    /// `realm` is the issuer, for challenges.
    func inOAuth(realm: String) -> Call {
        finishing { result in
            guard case .failure(let error) = result, error.isOfOAuth else { return finish(result) }
            (request.context.report as? RequestTrail)?.refuse(error)
            return finish(.success(Response(oauth: error, realm: realm, id: request.context.id)))
        }
    }

    /// Answers with what `body` does, or at once with what it throws; what can be waited for is thrown on.
    func answer(_ body: (Call) throws(ServiceError) -> Outcome) throws(ServiceError) -> Outcome {
        do throws(ServiceError) {
            return try body(self)
        } catch {
            guard renewal.freshness(against: error) == nil else { throw error }
            return .respond(finish(.failure(error)))
        }
    }
}
