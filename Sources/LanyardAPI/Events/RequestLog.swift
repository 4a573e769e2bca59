// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardCore
package import LanyardHTTP
internal import LanyardWeb
internal import Logging

/// Records what requests cause: each event with the fields of its request.
struct RequestLog: Sendable {
    let events: EventLog
    /// The proxies whose word about the client's address counts.
    let proxies: TrustedProxies
    private let ignored = SaidOnce()
    private let unreadable = SaidOnce()

    init(_ events: EventLog, trusting proxies: TrustedProxies) {
        self.events = events
        self.proxies = proxies
    }

    /// Returns the client that has sent `request`.
    func caller(of request: Request) -> Caller {
        Caller(address: { proxies.client(of: request) }, record: { record($0, request) })
    }

    /// Records what `request` has caused.
    ///
    /// What an event claims of the response is written when the response is known (``RequestTrail``).
    func record(_ event: Event, _ request: Request) {
        // Not made where nobody reads it.
        if case .refreshDecided = event, !events.isVerbose { return }
        let row = event.row
        guard row.outcome != .happened else { return events.record(row) { fields(of: request) } }
        warnAboutForwarding(request)
        // Without a trail, nothing would ever write how the request was answered.
        let trail = trail(of: request) ?? beginTrail(of: request, route: nil)
        trail.add(row)
    }

    /// Warns once about each way in which the client's address stays unknown: all who come through a proxy then look like one
    /// client, and one of them who guesses passwords slows all of them down.
    private func warnAboutForwarding(_ request: Request) {
        guard events.isWritten(.warning) else { return }
        let peer = request.context.peer
        ignored.say(if: proxies.doubts(request)) {
            events.record(Event.forwardedIgnored(peer: peer).row) { fields(of: request) }
        }
        unreadable.say(if: proxies.cannotRead(request)) {
            events.record(Event.forwardedUnreadable(peer: peer).row) { fields(of: request) }
        }
    }

    /// Begins the trail of a request.
    func beginTrail(of request: Request, route: String?) -> RequestTrail {
        RequestTrail(self, id: request.context.id, head: request.head, context: request.context, route: route)
    }

    /// Begins the trail of bytes that are no request, or of a limit that was met.
    func beginTrail(ofRefusal error: RequestError, id: RequestID, head: RequestHead?, route: String?) -> RequestTrail {
        let trail = RequestTrail(self, id: id, head: head, context: nil, route: route)
        trail.refuse(.refused(error))
        if error == .unanswered { trail.add(Event.unanswered.row) }
        return trail
    }

    /// Returns the trail that was begun for `request`.
    private func trail(of request: Request) -> RequestTrail? { request.context.report as? RequestTrail }

    private func fields(of request: Request) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request_id": "\(request.context.id)",
            "client_ip": "\(proxies.client(of: request))",
            "method": "\(request.head.method.rawValue)",
        ]
        metadata["route"] = trail(of: request)?.route.map { "\($0)" }
        return metadata
    }
}

extension EventLog {
    /// Records a bug that the HTTP engine has met and survived.
    package func record(_ fault: EngineFault, of id: RequestID?) {
        record(.engineFault("\(fault)", request: id.map { "\($0)" }))
    }
}
