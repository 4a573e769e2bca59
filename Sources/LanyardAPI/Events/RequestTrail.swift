// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb
internal import Logging

/// Collects what the log will say about one request, and writes it when the response is known.
///
/// An event that claims a status is written with the status that the client was really sent. A claim of success is
/// dropped when the response turns out to be a refusal. A refusal without an event of its own becomes `request_refused`.
/// If the client leaves before there is a response, the events are written without a status: what they describe has
/// happened all the same.
final class RequestTrail: ExchangeReport {
    private struct State: Sendable {
        var events: [EventRow] = []
        var refusal: APIError?
        var isClosed = false
    }

    /// The path template of the route, if there is one.
    let route: String?
    private let log: RequestLog
    private let id: RequestID
    private let head: RequestHead?
    private let context: RequestContext?
    private let state = Guarded(State())

    /// Begins the trail of a request; one that the engine refused has no context, and perhaps no head.
    init(_ log: RequestLog, id: RequestID, head: RequestHead?, context: RequestContext?, route: String?) {
        self.log = log
        self.id = id
        self.head = head
        self.context = context
        self.route = route
    }

    deinit {
        finish(nil)
    }

    /// Adds an event, to be written when the response is known.
    func add(_ event: EventRow) { state.withLock { $0.events.append(event) } }

    /// Notes why the request is refused.
    func refuse(_ error: APIError) { state.withLock { $0.refusal = error } }

    /// Forgets everything: the same request will come again, with its content.
    func discard() { state.withLock { $0.isClosed = true } }

    func close(_ end: ExchangeEnd) { finish(end) }

    private func finish(_ end: ExchangeEnd?) {
        let taken = state.withLock { state -> State in
            defer { state = State(isClosed: true) }
            return state
        }
        guard !taken.isClosed else { return }
        let fields = LazyFields { self.fields(end) }
        var hasEvent = false
        for event in taken.events {
            if let end, end.status >= 400, event.outcome == .granted { continue }
            hasEvent = true
            log.events.count(event)
            log.events.write(event, limitedTo: event.outcome == .refused ? client(end) : nil) { fields.value }
        }
        if let end, end.status >= 400, !hasEvent {
            log.events.write(EventRow(refusal: taken.refusal, head), limitedTo: client(end)) { fields.value }
        }
        if log.events.isVerbose { log.events.write(.answered, limitedTo: nil) { fields.value } }
    }

    private func client(_ end: ExchangeEnd?) -> PeerAddress? {
        guard let peer = context?.peer ?? end?.peer else { return nil }
        return log.proxies.client(of: head, from: peer, isAnnounced: context?.isAnnounced ?? end?.isAnnounced ?? false)
    }

    private func fields(_ end: ExchangeEnd?) -> Logger.Metadata {
        var fields: Logger.Metadata = ["request_id": "\(id)"]
        fields["client_ip"] = client(end).map { "\($0)" }
        fields["method"] = head.map { "\($0.method.rawValue)" }
        fields["route"] = route.map { "\($0)" }
        fields["status"] = end.map { "\($0.status)" }
        fields["dur_ms"] = end.map { .stringConvertible($0.duration) }
        return fields
    }

    /// The members that all lines of a request share, made when the first is written.
    final class LazyFields {
        private let make: () -> Logger.Metadata
        private(set) lazy var value = make()

        init(_ make: @escaping () -> Logger.Metadata) { self.make = make }
    }
}

extension EventRow {
    /// A request was answered.
    fileprivate static let answered = EventRow(.debug, "request", "request answered")

    /// The row of a refusal that no endpoint has an event for.
    fileprivate init(refusal error: APIError?, _ head: RequestHead?) {
        let answer = error.map { ErrorAnswer($0) }
        var (reason, place): (String?, String?)
        switch error {
        case .invalidRequest, .refused: reason = answer?.detail
        case .notFound:
            // Without it, nobody could tell a wrong prefix in a proxy from a scanner.
            if case .path(let path, _)? = head?.target { place = String(path.prefix(256)) }
        default: break
        }
        self.init(
            .info, "request_refused", "request refused", ["error": answer?.word, "reason": reason, "path": place],
            .refused)
    }
}
