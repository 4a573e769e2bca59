// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// Says that the process answers at all; never asks the store, or a slow store would have every replica restarted.
struct LiveEndpoint: Endpoint {
    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        .respond(call.finish(.success(.healthy)))
    }
}

/// Says whether the process wants requests: the store can be written, the keys are those of the store, and the
/// process is not about to end.
struct ReadyEndpoint: Endpoint {
    let watch: StoreWatch
    let keys: LiveKeys
    let readiness: Readiness

    func answer(_ call: Call) throws(ServiceError) -> Outcome {
        guard !readiness.isDraining else { throw .draining }
        try keys.requireFresh()
        watch.check { isAvailable in
            call.complete(with: isAvailable ? .success(.healthy) : .failure(.storeUnavailable))
        }
        return .pending
    }
}

extension Response {
    fileprivate static var healthy: Self {
        Response(json: Array(#"{"status":"ok"}"#.utf8))
    }
}
