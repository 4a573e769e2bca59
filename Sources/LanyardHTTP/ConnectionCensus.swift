// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// How many connections there are, over all loops and by where they come from.
final class ConnectionCensus: Sendable {
    private struct State {
        var total = 0
        /// Places that other loops were asked to free.
        var promised = 0
        /// Connections that are being refused, which have no place.
        var refused = 0
        /// At most one entry a connection.
        var bySubscriber: [IPAddress: Int] = [:]
    }

    private let state = Guarded(State())

    /// How a connection is counted.
    enum Place {
        /// Among all.
        case anywhere
        /// Among all, and among those of its peer's subscriber.
        case ofSubscriber
    }

    /// What came of asking for a place.
    enum Admission: Equatable {
        case place(Place)
        /// As many connections are there as may be.
        case full
        /// As many of the peer's are there as may be.
        case tooManyOfPeer
    }

    /// Counts a connection from `peer`, unless it is one more than `configuration` allows.
    ///
    /// A place that is taken is to be given back (``leave(_:of:)``).
    func take(for peer: PeerAddress, within configuration: ServerConfiguration) -> Admission {
        let subscriber = configuration.subscriber(of: peer)
        return state.withLock { state in
            let count = subscriber.map { state.bySubscriber[$0, default: 0] } ?? 0
            guard subscriber == nil || count < configuration.maxConnectionsPerIP else { return .tooManyOfPeer }
            guard state.total - state.promised < configuration.maxConnections,
                state.total - configuration.maxConnections < Self.promisesAtOnce
            else { return .full }
            if let subscriber { state.bySubscriber[subscriber] = count + 1 }
            state.total += 1
            return .place(subscriber == nil ? .anywhere : .ofSubscriber)
        }
    }

    /// Gives the place back that a connection from `peer` had.
    func leave(_ place: Place, of peer: PeerAddress) {
        state.withLock { state in
            state.total -= 1
            guard place == .ofSubscriber, case .ip(let address) = peer else { return }
            let count = state.bySubscriber[address.subscriber, default: 0]
            state.bySubscriber[address.subscriber] = count > 1 ? count - 1 : nil
        }
    }

    /// Counts a place that another loop is asked to free, and that is given away before it is; false if there are too many.
    func promise() -> Bool {
        state.withLock { state in
            guard state.promised < Self.promisesAtOnce else { return false }
            state.promised += 1
            return true
        }
    }

    /// Takes a promise back, which was kept or could not be.
    func settlePromise() { state.withLock { $0.promised -= 1 } }

    /// Counts a connection that is refused, unless there are too many of those.
    func takeRefusal() -> Bool {
        state.withLock { state in
            guard state.refused < Self.refusalsAtOnce else { return false }
            state.refused += 1
            return true
        }
    }

    /// Gives the place back that a refused connection had.
    func leaveRefusal() { state.withLock { $0.refused -= 1 } }

    /// The number of connections now.
    var total: Int { state.withLock(\.total) }

    /// The most places that loops free for each other at one time, and so the most connections above the limit.
    static let promisesAtOnce = 16
    /// The most connections that are refused at one time and wait for their client's end.
    static let refusalsAtOnce = 64
}

extension ServerConfiguration {
    /// Who is allowed only so many connections, or `nil` if `peer` is not counted by its address.
    ///
    /// Behind a proxy there are many clients, and its own address says nothing about them.
    fileprivate func subscriber(of peer: PeerAddress) -> IPAddress? {
        guard case .ip(let address) = peer, !isExempt(address), !requiresProxyHeader(peer) else { return nil }
        return address.subscriber
    }
}
