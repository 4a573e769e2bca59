// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP

/// Makes callers of requests.
struct Callers: Sendable {
    private let proxies: TrustedProxies
    private let events: EventLog

    init(_ dependencies: Dependencies) {
        proxies = dependencies.configuration.trustedProxies
        events = dependencies.events
    }

    /// Returns who makes `request`.
    func caller(of request: Request) -> Caller {
        Caller(
            network: { [proxies] in ClientNetwork(proxies.client(of: request))?.description },
            record: { [events] event in events.record(event, request) })
    }
}
