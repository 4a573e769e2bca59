// SPDX-License-Identifier: Apache-2.0

/// How far a ``TLSSession`` is.
package enum TLSProgress: Equatable, Sendable {
    /// The handshake needs more from the peer.
    case handshaking
    /// Application data can go both ways.
    case open
    /// The peer's close_notify came: it sends no more, and can still be sent to.
    case ended
    /// The session is of no more use; what the alert says lies in the reply.
    case failed
}
