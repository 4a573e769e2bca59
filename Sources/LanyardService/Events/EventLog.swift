// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardHTTP
internal import LanyardStore
package import Logging

/// Tells operators what happened, one event a line, never a secret.
package struct EventLog: Sendable {
    private let logger: Logger
    /// Who is believed about the client's address.
    let proxies: TrustedProxies
    private let now: @Sendable () -> UnixTime
    private let distrust = SaidOnce()
    private let unreadable = SaidOnce()
    private let budget = RefusalBudget()
    /// Whether the store answers.
    let storeState = StoreState()
    /// What is counted of the same events.
    let metrics: Metrics

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - logger: Where lines go; the members of a line are its metadata.
    ///   - proxies: Who is believed about the client's address.
    ///   - now: The wall clock.
    ///   - lostLines: Returns how many lines the log has dropped so far, for the metrics.
    package init(
        _ logger: Logger, trusting proxies: TrustedProxies, now: @escaping @Sendable () -> UnixTime,
        lostLines: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        self.logger = logger
        self.proxies = proxies
        self.now = now
        metrics = Metrics(lostLines: lostLines)
    }

    /// Records what no request has caused, or no single one.
    package func record(_ event: Event) {
        let row = event.row
        count(row)
        guard row.level >= logger.logLevel else { return }
        write(row, [:])
    }

    /// Records what `request` has caused.
    ///
    /// What an event claims of the response is told when the response is known (``RequestTrail``).
    func record(_ event: Event, _ request: Request) {
        // Not made where nobody reads it.
        if case .refreshDecided = event, !isVerbose { return }
        let row = event.row
        if row.outcome == .happened {
            count(row)
            guard row.level >= logger.logLevel else { return }
            return write(row, fields(of: request))
        }
        tellOfDistrust(request)
        tellOfUnreadable(request)
        // Without a trail, nothing will ever tell how the request was answered.
        let trail = trail(of: request) ?? self.trail(of: request, route: nil)
        trail.add(row)
    }

    /// Records a bug that the HTTP engine has met and survived.
    package func record(_ fault: EngineFault, of id: RequestID?) {
        record(.engineFault("\(fault)", request: id.map { "\($0)" }))
    }

    /// Records whether the store answered a try, if that has changed.
    ///
    /// The store counts as away while either use fails. Requests report their own failures as `store_unavailable`.
    ///
    /// - Parameters:
    ///   - use: What was tried.
    ///   - reason: Why it failed; `nil` if it worked.
    package func recordTry(of use: StoreState.Use, failing reason: String?) {
        switch storeState.note(use, isFailing: reason != nil) {
        case nil: break
        case true?: record(.storeAway(reason: reason ?? ""))
        case false?: record(.storeBack)
        }
    }

    /// Records what has changed in the keys of the store.
    func recordChanges(from earlier: Foundation, to foundation: Foundation) {
        if let next = foundation.nextKey, earlier.key(next.kid)?.signsFrom != next.signsFrom {
            record(.keyPublished(next))
        }
        if let active = foundation.activeKey, let before = earlier.activeKey, active.kid != before.kid {
            record(.keyRotated(active, from: before.kid))
        }
        for key in earlier.publishedKeys where foundation.key(key.kid)?.isPublished != true {
            let isRevoked = foundation.key(key.kid)?.revokedAt != nil
            record(isRevoked ? .keyRevoked(kid: key.kid) : .keyGone(kid: key.kid))
        }
        if earlier.refreshSecrets.map(\.id) != foundation.refreshSecrets.map(\.id) {
            record(.refreshKeysChanged(count: foundation.refreshSecrets.count))
        }
    }

    /// Counts what an event counts for.
    func count(_ row: EventRow) {
        for count in row.counts {
            switch count {
            case .login(let result): metrics.logins.count(result)
            case .refresh(let result): metrics.refreshes.count(result)
            case .sessionEnded(let cause): metrics.sessionsEnded.count(cause)
            }
        }
    }

    /// Tells once that a peer names its client and is not believed: a proxy may be missing in the settings.
    ///
    /// Then all who come through it look like one client, and one of them who guesses passwords slows all of them down.
    private func tellOfDistrust(_ request: Request) {
        distrust.say(if: logger.logLevel <= .warning && proxies.doubts(request)) {
            var metadata = fields(of: request)
            metadata["peer_ip"] = "\(request.context.peer)"
            metadata["setting"] = "LANYARD_HTTP_TRUSTED_PROXIES"
            logger.log(
                level: .warning,
                "X-Forwarded-For of a peer that is no trusted proxy is ignored; this is said once",
                event: "forwarded_ignored", metadata)
        }
    }

    /// Logs once that a trusted proxy names its client in a way that cannot be read: its clients then all look like the proxy.
    private func tellOfUnreadable(_ request: Request) {
        unreadable.say(if: logger.logLevel <= .warning && proxies.cannotRead(request)) {
            var metadata = fields(of: request)
            metadata["peer_ip"] = "\(request.context.peer)"
            logger.log(
                level: .warning,
                "X-Forwarded-For of a trusted proxy has an element that is no address; this is said once",
                event: "forwarded_unreadable", metadata)
        }
    }

    /// Begins the trail of a request.
    func trail(of request: Request, route: String?) -> RequestTrail {
        RequestTrail(self, id: request.context.id, head: request.head, context: request.context, route: route)
    }

    /// Begins the trail of bytes that are no request, or of a limit that was met.
    func trail(ofRefusal error: RequestError, id: RequestID, head: RequestHead?, route: String?) -> RequestTrail {
        let trail = RequestTrail(self, id: id, head: head, context: nil, route: route)
        trail.refuse(.refused(error))
        if error == .unanswered { trail.add(Event.unanswered.row) }
        return trail
    }

    /// Writes an event of a request; one with a `client` only while the budget of its network lasts.
    func write(_ row: EventRow, _ fields: RequestTrail.LazyFields, of client: PeerAddress?) {
        guard row.level >= logger.logLevel else { return }
        if let client {
            let (isAdmitted, due) = budget.admit(row.word, from: client, level: row.level, at: now())
            write(due)
            guard isAdmitted else { return }
        }
        write(row, fields.value)
    }

    private func write(_ row: EventRow, _ fields: Logger.Metadata) {
        logger.log(
            level: row.level, row.message, event: row.word,
            row.fields.mapValues { "\($0)" }.merging(fields) { own, _ in own })
    }

    /// Writes how many lines were withheld from networks whose minute is over, or from all if `isLast`.
    package func writeSummaries(isLast: Bool = false) {
        write(budget.summaries(at: now(), isLast: isLast))
    }

    private func write(_ summaries: [RefusalBudget.Summary]) {
        for summary in summaries {
            logger.log(
                level: summary.level, "as many more from this network within a minute, not logged one by one",
                event: summary.key.event,
                ["network": "\(summary.key.network)", "count": .stringConvertible(summary.count)])
        }
    }

    /// Whether a line is written for every request.
    var isVerbose: Bool { logger.logLevel <= .debug }

    /// Returns the trail that the service has begun for `request`.
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

extension Logger {
    fileprivate func log(level: Level, _ message: String, event: String, _ fields: Metadata) {
        var metadata = fields
        metadata["event"] = "\(event)"
        log(level: level, "\(message)", metadata: metadata)
    }
}
