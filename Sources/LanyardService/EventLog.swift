// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardHTTP
internal import LanyardStore
package import Logging

/// Tells operators what happened, one event a line, never a secret.
package struct EventLog: Sendable {
    private let logger: Logger
    private let proxies: TrustedProxies
    private let now: @Sendable () -> UnixTime
    private let distrust = SaidOnce()
    private let unreadable = SaidOnce()
    /// What is counted of the same events.
    let metrics = Metrics()

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - logger: Where lines go; the members of a line are its metadata.
    ///   - proxies: Who is believed about the client's address.
    ///   - now: The clock that durations are taken from.
    package init(_ logger: Logger, trusting proxies: TrustedProxies, now: @escaping @Sendable () -> UnixTime) {
        self.logger = logger
        self.proxies = proxies
        self.now = now
    }

    func login(_ request: Request, account: String, session: String) {
        metrics.logins.count(.ok)
        tell(.info, "login", "logged in", request, account: account, session: session, status: 200)
    }

    func loginFailed(_ request: Request, account: String?, reason: LoginFailure) {
        metrics.logins.count(.failed)
        tell(.info, "login_failed", "login refused", request, account: account, reason: reason.rawValue, status: 401)
    }

    func loginOverloaded(_ request: Request, _ overload: HashingOverload) {
        metrics.logins.count(.overloaded)
        overloaded(request, overload)
    }

    func refresh(_ request: Request, account: String, session: String, result: Metrics.Refresh) {
        metrics.refreshes.count(result)
        tell(
            .info, "refresh", "refreshed", request, account: account, session: session, reason: result.rawValue,
            status: 200)
    }

    func refreshRefused(_ request: Request, account: String?, session: String?, reason: String) {
        metrics.refreshes.count(.refused)
        tell(
            .info, "refresh_refused", "refresh refused", request, account: account, session: session, reason: reason,
            status: 401)
    }

    func sessionReuse(_ request: Request, account: String, session: String) {
        metrics.refreshes.count(.reused)
        metrics.sessionsEnded.count(.reuse)
        tell(
            .warning, "session_reuse", "a refresh token was used again that only a thief could hold; the session ended",
            request, account: account, session: session, reason: "reuse", status: 401)
    }

    func sessionAhead(_ request: Request, account: String, session: String) {
        tell(
            .warning, "session_ahead", "a token is newer than its session; was the store put back from a backup?",
            request, account: account, session: session)
    }

    func originRefused(
        _ origin: String, _ request: Request, reason: String? = nil, hasSetting: Bool = true,
        _ message: String = "this origin may not call the service"
    ) {
        tellOfDistrust(request)
        defer { tellOfUnreadable(request) }  // Behind the request's own line.
        var metadata = fields(of: request)
        metadata["origin"] = "\(origin)"
        metadata["reason"] = reason.map { "\($0)" }
        if hasSetting { metadata["setting"] = "LANYARD_HTTP_ALLOWED_ORIGINS" }
        logger.log(level: .notice, message, event: "origin_refused", metadata)
    }

    func overloaded(_ request: Request, _ overload: HashingOverload) {
        let message =
            switch overload {
            case .queueFull: "too many passwords wait to be hashed"
            case .outOfMemory: "there is no memory for a stored hash that needs more than LANYARD_PASSWORDS_MEMORY"
            }
        tell(.warning, "overloaded", message, request, reason: overload.rawValue, status: 503)
    }

    func storeUnavailable(_ request: Request, reason: String) {
        tell(.error, "store_unavailable", "the store did not answer", request, reason: reason, status: 503)
    }

    func unanswered(_ id: RequestID) {
        logger.log(
            level: .error, "no answer was made in time", event: "unanswered",
            ["request_id": "\(id)", "status": "500"])
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

    /// Tells what a request has caused.
    func tell(
        _ level: Logger.Level, _ event: String, _ message: String, _ request: Request, account: String? = nil,
        session: String? = nil, reason: String? = nil, status: Int? = nil
    ) {
        tellOfDistrust(request)
        defer { tellOfUnreadable(request) }  // Behind the request's own line.
        guard level >= logger.logLevel else { return }
        var metadata = fields(of: request)
        metadata["account"] = account.map { "\($0)" }
        metadata["sid"] = session.map { "\($0)" }
        metadata["reason"] = reason.map { "\($0)" }
        metadata["status"] = status.map { "\($0)" }
        logger.log(level: level, message, event: event, metadata)
    }

    /// Tells what no request has caused.
    func tell(_ level: Logger.Level, _ event: String, _ message: String, _ fields: [String: String]) {
        guard level >= logger.logLevel else { return }
        logger.log(level: level, message, event: event, fields.mapValues { "\($0)" })
    }

    private func fields(of request: Request) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request_id": "\(request.context.id)",
            "client_ip": "\(proxies.client(of: request))",
            "method": "\(request.head.method.rawValue)",
            "dur_ms": "\(max(0, now().since(request.context.receivedAt).milliseconds))",
        ]
        if case .path(let path, _) = request.head.target { metadata["route"] = "\(path)" }
        return metadata
    }
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
