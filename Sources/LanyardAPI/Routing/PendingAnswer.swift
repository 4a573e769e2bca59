// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP

/// An endpoint at work on one request: the place where tasks meet the HTTP engine.
///
/// The task runs on the loop. If it ends without a wait, the engine is answered at once; else the exchange is pending until
/// the task completes it.
struct PendingAnswer: Sendable {
    let call: Call
    let endpoint: any Endpoint
    let keys: LiveKeys
    /// Makes the response that leaves: adds what all carry.
    let finish: @Sendable (Result<Response, APIError>) -> Response

    private enum Progress {
        case beginning
        case waiting
        case ended(Response)
    }

    /// Begins the work; called on the loop.
    func begin() -> Outcome {
        let progress = Guarded(Progress.beginning)
        call.ticket.loop.begin {
            do throws(APIError) {
                switch try await endpoint.answer(call) {
                case .response(let response): end(.success(response), progress)
                case .work(let make): queue(make, then: nil)
                case .workThen(let make, let proceed): queue(make, then: proceed)
                }
            } catch {
                end(.failure(error), progress)
            }
        }
        return progress.withLock { progress in
            if case .ended(let response) = progress { return .respond(response) }
            progress = .waiting
            return .pending
        }
    }

    private func end(_ result: Result<Response, APIError>, _ progress: Guarded<Progress>) {
        let response = finish(result)
        let isWaiting = progress.withLock { progress in
            if case .waiting = progress { return true }
            progress = .ended(response)
            return false
        }
        if isWaiting { call.ticket.complete(with: .response(response)) }
    }

    private func complete(with result: Result<Response, APIError>) {
        call.ticket.complete(with: .response(finish(result)))
    }

    // MARK: Work that takes a core

    private typealias Make = @Sendable () throws(APIError) -> Response
    private typealias Proceed = @Sendable (Result<Response, APIError>) async throws(APIError) -> Response

    private func queue(_ make: @escaping Make, then proceed: Proceed?) {
        call.ticket.complete(with: .step { run(make, then: proceed) })
    }

    private func run(_ make: @escaping Make, then proceed: Proceed?) -> Outcome {
        let made = Result { () throws(APIError) in try make() }
        if case .failure(.staleKeys) = made {
            // The process was stopped since the request came.
            call.ticket.loop.begin {
                guard await keys.freshness.wait() else { return await settle(made, proceed) }
                queue(make, then: proceed)
            }
            return .pending
        }
        guard proceed != nil else { return .respond(finish(made)) }
        call.ticket.loop.begin { await settle(made, proceed) }
        return .pending
    }

    private func settle(_ made: Result<Response, APIError>, _ proceed: Proceed?) async {
        guard let proceed else { return complete(with: made) }
        do throws(APIError) {
            complete(with: .success(try await proceed(made)))
        } catch {
            complete(with: .failure(error))
        }
    }
}
