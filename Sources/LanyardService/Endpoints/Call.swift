// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardStore

/// One request on its way through an endpoint, with everything that its answer needs.
struct Call: Sendable {
    /// The request.
    let request: Request
    /// The right to answer later.
    let ticket: ExchangeTicket
    /// What the request waits for when it finds that the service has not read the store recently.
    let renewal: Renewal
    /// Makes an answer out of what the endpoint found: adds the fields that every answer carries.
    let finish: @Sendable (Result<Response, ServiceError>) -> Response
    /// Whether the request has waited for a read of the store that failed: what is not known now will not be.
    var hasWaited = false

    /// Returns the same call, answered by `finish`.
    func finishing(_ finish: @escaping @Sendable (Result<Response, ServiceError>) -> Response) -> Call {
        Call(request: request, ticket: ticket, renewal: renewal, finish: finish, hasWaited: hasWaited)
    }

    /// Answers later, on the loop that has the connection.
    func complete(with result: Result<Response, ServiceError>) {
        ticket.complete(with: .response(finish(result)))
    }

    /// Answers later that a step of the store was not made.
    func fail(_ error: StoreError, _ events: EventLog) {
        let failure = ServiceError(error)
        if failure == .storeUnavailable { events.storeUnavailable(request, reason: "\(error)") }
        complete(with: .failure(failure))
    }

    /// Answers later with work that takes a core: the loop makes one such a turn.
    ///
    /// If the process was stopped since the request came, the work waits for the keys and is done again.
    ///
    /// - Parameters:
    ///   - work: Makes the answer.
    ///   - proceed: Called with the answer if it was made, to answer with it later; by default it is the answer at once.
    func complete(
        working work: @escaping @Sendable () throws(ServiceError) -> Response,
        then proceed: (@Sendable (Response) -> Void)? = nil
    ) {
        complete(working: work, then: proceed, waitsLeft: Renewal.waitsAtMost)
    }

    private func complete(
        working work: @escaping @Sendable () throws(ServiceError) -> Response,
        then proceed: (@Sendable (Response) -> Void)?, waitsLeft: Int
    ) {
        ticket.complete(
            with: .step {
                do throws(ServiceError) {
                    let response = try work()
                    guard let proceed else { return .respond(finish(.success(response))) }
                    proceed(response)
                    return .pending
                } catch {
                    guard waitsLeft > 0, let freshness = renewal.freshness(against: error) else {
                        return .respond(finish(.failure(error)))
                    }
                    freshness.whenFresh(within: Renewal.patience) { isFresh in
                        guard isFresh else { return complete(with: .failure(error)) }
                        complete(working: work, then: proceed, waitsLeft: waitsLeft - 1)
                    }
                    return .pending
                }
            })
    }
}
