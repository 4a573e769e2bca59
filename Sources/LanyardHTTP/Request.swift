// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// One whole request, checked against RFC 9112 and RFC 9110 by ``RequestParser``.
///
/// Everything is kept as the bytes that came: field values and paths are octets, not text (RFC 9112 §2.2).
package struct Request: Sendable {
    /// The request line and the fields.
    package var head: RequestHead
    /// The content, chunks already joined; empty if there is none.
    package var body: [UInt8]
    /// What the connection and the server know about the request.
    package var context: RequestContext

    /// Creates a request.
    package init(head: RequestHead, body: [UInt8], context: RequestContext) {
        self.head = head
        self.body = body
        self.context = context
    }
}

/// The facts about a request that are not in its bytes.
package struct RequestContext: Sendable {
    /// The server's own id of this request; never one that the client sent.
    package var id: RequestID
    /// The other end of the connection, the client or a proxy before it, or whom its PROXY header names.
    package var peer: PeerAddress
    /// Whether a PROXY header said so; then no field of the request says anything about the client's address.
    package var isAnnounced: Bool
    /// Wall time at which the request was complete.
    package var receivedAt: UnixTime
    /// What the handler keeps to learn how the exchange ended; the server leaves it empty.
    package var report: (any ExchangeReport)?

    /// Creates a context.
    package init(id: RequestID, peer: PeerAddress, isAnnounced: Bool = false, receivedAt: UnixTime) {
        self.id = id
        self.peer = peer
        self.isAnnounced = isAnnounced
        self.receivedAt = receivedAt
    }
}
