// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// Learns how one exchange ended.
///
/// A handler attaches it to its response, and so can log what the client was really sent. A report that is released
/// without a call belongs to an exchange whose client left before the response was made.
package protocol ExchangeReport: AnyObject, Sendable {
    /// Called on the loop when the response has been encoded, at most once; must not block.
    func close(_ end: ExchangeEnd)
}

/// How an exchange ended.
package struct ExchangeEnd: Sendable {
    /// The status that the client is sent.
    package var status: Int
    /// The time from the complete request to the encoded response.
    package var duration: Duration
    /// The other end of the connection.
    package var peer: PeerAddress
    /// Whether a PROXY header named the peer.
    package var isAnnounced: Bool

    /// Creates an end.
    package init(status: Int, duration: Duration, peer: PeerAddress, isAnnounced: Bool) {
        self.status = status
        self.duration = duration
        self.peer = peer
        self.isAnnounced = isAnnounced
    }
}
