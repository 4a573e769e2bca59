// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardHTTP
package import LanyardStore
internal import Logging

/// What is told of sessions and of what is done with an access token.
extension EventLog {
    /// Logs what a decision was made on and what it left, so that it can be checked afterwards; at `debug` only.
    ///
    /// Lines of one session are in the order of its decisions, as far as one server made them.
    func refreshDecided(
        _ request: Request, _ decision: RefreshDecision, on generation: Int64, leaving session: Session,
        at now: UnixTime
    ) {
        guard isLogged(.debug) else { return }
        tell(
            .debug, "refresh_decided", "a refresh was decided",
            [
                "request_id": "\(request.context.id)", "sid": session.id, "reason": "\(decision)",
                "generation": "\(generation)", "current": "\(session.current)", "previous": "\(session.previous)",
                "rotated_at_ms": "\(session.rotatedAt.milliseconds)", "now_ms": "\(now.milliseconds)",
            ])
    }

    func accessRefused(_ request: Request, account: String? = nil, session: String? = nil, reason: String) {
        tell(
            .info, "access_refused", "access token refused", request, account: account, session: session,
            reason: reason, status: 401)
    }

    func sessionsEnded(_ ended: [EndedSession], _ request: Request) {
        for session in ended {
            metrics.sessionsEnded.count(session.cause)
            tell(
                .info, "session_ended", "a session ended", request, account: session.accountID, session: session.id,
                reason: session.cause.rawValue)
        }
    }

    /// Tells of sessions that were over long before anybody looked.
    package func sessionsFoundOver(_ ended: [EndedSession]) {
        for session in ended {
            metrics.sessionsEnded.count(session.cause)
            tell(
                .info, "session_ended", "a session was over",
                ["account": session.accountID, "sid": session.id, "reason": session.cause.rawValue])
        }
    }

    func logoutRefused(_ request: Request, reason: String) {
        tell(.info, "logout_refused", "logout refused", request, reason: reason, status: 401)
    }

    func passwordChanged(_ request: Request, account: String, session: String) {
        tell(
            .notice, "password_changed", "the owner changed the password", request, account: account,
            session: session, status: 204)
    }

    func passwordRefused(_ request: Request, account: String, session: String, reason: LoginFailure) {
        tell(
            .info, "password_refused", "the current password was not given", request, account: account,
            session: session, reason: reason.rawValue, status: 401)
    }
}
