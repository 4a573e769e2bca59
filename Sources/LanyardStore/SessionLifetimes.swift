// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// How long sessions last.
package struct SessionLifetimes: Equatable, Sendable {
    /// How long a session lives without a refresh, counted from ``Session/rotatedAt``.
    package var idle: Duration
    /// How long a session lives, counted from ``Session/createdAt``.
    package var absolute: Duration
    /// How long after a rotation the replaced refresh token is answered with its successor.
    package var refreshGrace: Duration

    /// Creates lifetimes.
    package init(idle: Duration, absolute: Duration, refreshGrace: Duration) {
        self.idle = idle
        self.absolute = absolute
        self.refreshGrace = refreshGrace
    }

    /// Returns the instant at which `session` is over if nothing happens, and why.
    package func end(of session: Session) -> (at: UnixTime, cause: Session.Cause) {
        let idleEnd = session.rotatedAt + idle
        let absoluteEnd = session.createdAt + absolute
        return idleEnd < absoluteEnd ? (idleEnd, .idle) : (absoluteEnd, .expired)
    }

    /// Returns the instant from which no token can belong to `session` any more, if nothing happens to it.
    ///
    /// A session with an index in a status list keeps it for as long as some verifier may accept a token that names it.
    package func removal(of session: Session) -> UnixTime {
        let tokensUntil = session.status == nil ? session.tokensUntil : session.tokensUntil + StatusIndex.leeway
        return max(session.endedAt ?? end(of: session).at, tokensUntil)
    }
}
