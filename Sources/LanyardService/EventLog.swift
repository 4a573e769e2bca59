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

    func login(_ request: Request, account: String, session: String) {
        tell(.info, "login", "logged in", request, account: account, session: session, status: 200) {
            $0.logins.count(.ok)
        }
    }

    func loginFailed(_ request: Request, account: String?, reason: LoginFailure) {
        tell(.info, "login_failed", "login refused", request, account: account, reason: reason.rawValue, status: 401) {
            $0.logins.count(.failed)
        }
    }

    func loginOverloaded(_ request: Request, _ overload: HashingOverload) {
        overloaded(request, overload) { $0.logins.count(.overloaded) }
    }

    func refresh(_ request: Request, account: String, session: String, result: Metrics.Refresh) {
        tell(
            .info, "refresh", "refreshed", request, account: account, session: session, reason: result.rawValue,
            status: 200
        ) {
            $0.refreshes.count(result)
        }
    }

    func refreshRefused(_ request: Request, account: String?, session: String?, reason: String) {
        tell(
            .info, "refresh_refused", "refresh refused", request, account: account, session: session, reason: reason,
            status: 401
        ) {
            $0.refreshes.count(.refused)
        }
    }

    func sessionReuse(_ request: Request, account: String, session: String) {
        metrics.sessionsEnded.count(.reuse)
        tell(
            .warning, "session_reuse", "a refresh token was used again that only a thief could hold; the session ended",
            request, account: account, session: session, reason: "reuse", status: 401
        ) {
            $0.refreshes.count(.reused)
        }
    }

    func sessionAhead(_ request: Request, account: String, session: String) {
        tell(
            .warning, "session_ahead",
            "a token is newer than its session: the store has lost its last commits, or was restored from a backup",
            request, account: account, session: session)
    }

    func originRefused(
        _ origin: String, _ request: Request, reason: String? = nil, hasSetting: Bool = true,
        _ message: String = "this origin may not call the service"
    ) {
        var fields: Logger.Metadata = ["origin": "\(origin)"]
        fields["reason"] = reason.map { "\($0)" }
        if hasSetting { fields["setting"] = "LANYARD_HTTP_ALLOWED_ORIGINS" }
        tell(
            RequestTrail.Event(level: .notice, name: "origin_refused", message: message, fields: fields), request)
    }

    func overloaded(_ request: Request, _ overload: HashingOverload) { overloaded(request, overload, count: nil) }

    private func overloaded(
        _ request: Request, _ overload: HashingOverload, count: (@Sendable (Metrics) -> Void)?
    ) {
        let message =
            switch overload {
            case .queueFull: "too many passwords wait to be hashed"
            case .outOfMemory: "there is no memory for a stored hash that needs more than LANYARD_PASSWORDS_MEMORY"
            }
        tell(
            .warning, "overloaded", message, request, reason: overload.rawValue, status: 503, count: count)
    }

    func storeUnavailable(_ request: Request, reason: String) {
        tell(.error, "store_unavailable", "the store did not answer", request, reason: reason, status: 503)
    }

    /// Logs a bug that the HTTP engine has met and survived.
    package func engineFault(_ fault: EngineFault, _ id: RequestID?) {
        var fields = ["reason": "\(fault)"]
        fields["request_id"] = id.map { "\($0)" }
        tell(.critical, "internal", "internal error; please report this line", fields)
    }

    func bug(_ request: Request) {
        tell(.critical, "internal", "a bug: please report it with this line", request, status: 500)
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

    /// Whether lines of this level are written.
    func isLogged(_ level: Logger.Level) -> Bool { level >= logger.logLevel }

    /// Logs what a request has caused.
    ///
    /// An event with a status is a claim about the response, so it is written when the response is known.
    func tell(
        _ level: Logger.Level, _ event: String, _ message: String, _ request: Request, account: String? = nil,
        session: String? = nil, reason: String? = nil, status: Int? = nil,
        count: (@Sendable (Metrics) -> Void)? = nil
    ) {
        var fields: Logger.Metadata = [:]
        fields["account"] = account.map { "\($0)" }
        fields["sid"] = session.map { "\($0)" }
        fields["reason"] = reason.map { "\($0)" }
        if status == nil {
            count?(metrics)
            guard level >= logger.logLevel else { return }
            fields.merge(self.fields(of: request)) { own, _ in own }
            return logger.log(level: level, message, event: event, fields)
        }
        tell(
            RequestTrail.Event(
                level: level, name: event, message: message, fields: fields, claimedStatus: status, count: count),
            request)
    }

    private func tell(_ event: RequestTrail.Event, _ request: Request) {
        tellOfDistrust(request)
        tellOfUnreadable(request)
        // Without a trail, nothing will ever tell how the request was answered.
        let trail = trail(of: request) ?? self.trail(of: request, route: nil)
        trail.add(event)
    }

    /// Begins the trail of a request.
    func trail(of request: Request, route: String?) -> RequestTrail {
        RequestTrail(self, id: request.context.id, head: request.head, context: request.context, route: route)
    }

    /// Begins the trail of bytes that are no request, or of a limit that was met.
    func trail(ofRefusal error: RequestError, id: RequestID, head: RequestHead?, route: String?) -> RequestTrail {
        let trail = RequestTrail(self, id: id, head: head, context: nil, route: route)
        trail.refuse(.refused(error))
        if error == .unanswered {
            trail.add(
                RequestTrail.Event(
                    level: .error, name: "unanswered", message: "no answer was made in time", fields: [:],
                    claimedStatus: 500))
        }
        return trail
    }

    /// Logs what no request has caused.
    func tell(_ level: Logger.Level, _ event: String, _ message: String, _ fields: [String: String]) {
        guard level >= logger.logLevel else { return }
        logger.log(level: level, message, event: event, fields.mapValues { "\($0)" })
    }

    /// Writes an event of a request; a refusal only while the budget of `client` lasts.
    func write(_ event: RequestTrail.Event, _ fields: RequestTrail.LazyFields, of client: PeerAddress?) {
        guard event.level >= logger.logLevel else { return }
        if let client, !Self.isNeverWithheld.contains(event.name) {
            let (isAdmitted, due) = budget.admit(event.name, from: client, level: event.level, at: now())
            write(due)
            guard isAdmitted else { return }
        }
        logger.log(
            level: event.level, event.message, event: event.name,
            event.fields.merging(fields.value) { own, _ in own })
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

    /// A theft is news each time; the sessions that it takes bound its number.
    private static let isNeverWithheld: Set = ["session_reuse"]
}

/// Why a login failed, for operators only; the client gets one answer for all.
enum LoginFailure: String, Sendable {
    case unknownAccount = "unknown_account"
    case wrongPassword = "wrong_password"
    case disabledAccount = "disabled_account"
    case accountChanged = "account_changed"
}

extension Logger {
    fileprivate func log(level: Level, _ message: String, event: String, _ fields: Metadata) {
        var metadata = fields
        metadata["event"] = "\(event)"
        log(level: level, "\(message)", metadata: metadata)
    }
}
