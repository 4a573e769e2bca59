// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP

/// Says that the process answers at all; never asks the store, or a slow store would have every replica restarted.
struct GetLiveness: Endpoint {
    let operation = Operation("Say that the process answers", gives: .json(HealthAnswer.shape))

    func answer(_ call: Call) async throws(APIError) -> Answer { .response(.healthy) }
}

/// Says whether the process wants requests: the store can be written, the keys are those of the store, and the
/// process is not about to end.
struct GetReadiness: Endpoint {
    let watch: StoreWatch
    let keys: LiveKeys
    let readiness: Readiness

    let operation = Operation("Say whether the process wants requests", gives: .json(HealthAnswer.shape))

    func answer(_ call: Call) async throws(APIError) -> Answer {
        guard !readiness.isDraining else { throw .draining }
        try await rethrowing(as: { (error: StaleKeys) in APIError(error) }, await keys.requireFresh())
        guard await watch.check() else { throw .storeUnavailable }
        return .response(.healthy)
    }
}

private enum HealthAnswer {
    static let shape = ObjectShape(.init("status", .string))
}

extension Response {
    fileprivate static var healthy: Self {
        Response(json: Array(#"{"status":"ok"}"#.utf8))
    }
}
