// SPDX-License-Identifier: Apache-2.0

internal import LanyardHTTP
package import LanyardStore
internal import Logging

/// What is told of sessions and of what is done with an access token.
extension EventLog {
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
