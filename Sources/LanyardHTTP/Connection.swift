// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// One accepted connection; touched by its loop only.
final class Connection {
    /// Where the connection is in its life.
    enum Phase {
        /// Requests are read.
        case open
        /// One request is being answered, and nothing is read meanwhile.
        case awaiting(Exchange)
        /// The last answer is on its way out.
        case closing
        /// Everything is sent and the sending side is shut; so many bytes more are read and thrown away.
        case lingering(bytes: Int)
    }

    /// A request that is being answered.
    struct Exchange {
        let serial: UInt64
        let id: RequestID
        let head: RequestHead
        let startedAt: UInt64
        var form: AnswerForm
        /// How long the handler may keep the ticket.
        let patience: Duration
        /// Whether the completion has come and is work that waits for its turn.
        var isDecided = false
    }

    /// What the connection's entry in the timer wheel is for; `first` is for the first byte of the first request.
    enum Deadline {
        case none, opening, first, idle, head, body, answer, write, linger
    }

    /// What has to come before the first request.
    enum Opening {
        /// The header of the PROXY protocol.
        case proxyHeader
        /// The handshake of TLS.
        case handshake
    }

    let socket: Socket
    /// Where requests come from: the other end of the socket, or whom the PROXY header of one names that is not counted by
    /// its address.
    var peer: PeerAddress
    let token: ConnectionToken
    /// Exchanges with a lower serial number were of another connection in this slot.
    let firstSerial: UInt64
    /// How the census counts the connection; one that is refused at the door is not counted.
    let place: ConnectionCensus.Place?
    /// When it was accepted, in milliseconds of the loop's clock.
    let acceptedAt: UInt64
    /// Whether the client has sent anything at all.
    var hasReceived = false
    /// Whether a PROXY header has told where the connection comes from.
    var isAnnounced = false
    /// What is still to come before the first request; `nil` once the connection is open.
    var opening: Opening?
    /// What stands between the socket and the requests; `nil` for plain HTTP.
    var tls: TLSSession?

    /// What is known of a request that has come in part; `nil` between requests.
    var partial: PartialRequest?
    /// Where the connection is in its life; ``move(to:)`` changes it.
    private(set) var phase = Phase.open
    var deadline = Deadline.none
    /// Bytes that were read and are not yet parsed to an end.
    var input = ByteQueue()
    /// Bytes that the client has not yet made room for.
    var output = ByteQueue()
    /// Bytes that left since the write deadline was last moved.
    var outputProgress = 0
    var requestCount = 0

    /// How the poller watches the socket; `nil` before it does.
    var watch: Poller.Watch?
    /// Whether the system may hold bytes that were not read.
    var isReadable = false
    /// Whether ``input`` holds bytes that the parser has not seen.
    var hasUnparsedInput = false
    /// Whether there is more to do than one turn gives the connection.
    var isUnfinished = false
    /// Whether the system says that the client sends no more.
    var isEnded = false
    /// Whether the last byte that the client sent has been read.
    var hasReadEnd = false
    /// The serial number of the exchange that was abandoned, until its completion has come and was dropped.
    ///
    /// There is one at most: a connection that abandons an exchange ends.
    var abandonedSerial: UInt64?
    /// Whether the client said that its last request is the last, and nothing came behind it.
    var isDone = false

    /// Creates a connection that is open.
    init(
        _ socket: consuming Socket, from peer: PeerAddress, admission: Admission
    ) {
        self.socket = socket
        self.peer = peer
        token = admission.token
        firstSerial = admission.firstSerial
        place = admission.place
        acceptedAt = admission.instant
    }

    /// What the loop gives a connection when it takes it in.
    struct Admission {
        let token: ConnectionToken
        let firstSerial: UInt64
        let place: ConnectionCensus.Place?
        /// In milliseconds of the loop's clock.
        let instant: UInt64
    }

    /// Whether the connection was let in, rather than to be told that there is no room.
    var isAdmitted: Bool { place != nil }

    /// The exchange that is being answered, if one is.
    var exchange: Exchange? {
        guard case .awaiting(let exchange) = phase else { return nil }
        return exchange
    }

    /// Changes the phase; the only way out of ``Phase/awaiting(_:)``, and the only way in.
    ///
    /// - Returns: The exchange that was pending, if there was one. It is the caller's now, to answer or to abandon.
    func move(to next: Phase) -> Exchange? {
        defer { phase = next }
        return exchange
    }

    /// Notes whether the completion of the pending exchange has come and is work that waits for its turn.
    func setDecided(_ isDecided: Bool) {
        guard case .awaiting(var exchange) = phase else { return }
        exchange.isDecided = isDecided
        phase = .awaiting(exchange)
    }

    /// How far the request that comes next has come.
    var requestPhase: RequestParser.Phase {
        if let partial { return partial.parser.phase }
        // Part of a record is part of a request, though nobody can tell of what kind.
        return tls?.holdsPartOfRecord ?? false ? .head : .idle
    }

    /// Whether a request may be read and answered now.
    var takesRequests: Bool {
        guard case .open = phase else { return false }
        return output.isEmpty
    }
}
