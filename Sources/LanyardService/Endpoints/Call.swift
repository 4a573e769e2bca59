// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
internal import LanyardStore

/// One request on its way through an endpoint, with everything that its answer needs.
struct Call: Sendable {
    /// The request.
    let request: Request
    /// The right to answer later.
    let ticket: ExchangeTicket
    /// Makes an answer out of what the endpoint found: adds the fields that every answer carries.
    let finish: @Sendable (Result<Response, ServiceError>) -> Response

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
    func complete(working work: @escaping @Sendable () throws(ServiceError) -> Response) {
        let finish = finish
        ticket.complete(
            with: .work {
                do throws(ServiceError) {
                    return finish(.success(try work()))
                } catch {
                    return finish(.failure(error))
                }
            })
    }
}
