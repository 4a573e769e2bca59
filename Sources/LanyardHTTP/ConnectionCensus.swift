// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase

/// How many connections there are, over all loops and by where they come from.
final class ConnectionCensus: Sendable {
    private struct State {
        var total = 0
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

    /// Counts a connection from `peer`, unless it is one more than `configuration` allows.
    ///
    /// - Returns: Its place, which is to be given back, or `nil` if there is none.
    func take(for peer: PeerAddress, within configuration: ServerConfiguration) -> Place? {
        let subscriber = configuration.subscriber(of: peer)
        return state.withLock { state in
            guard state.total < configuration.maxConnections else { return nil }
            if let subscriber {
                let count = state.bySubscriber[subscriber, default: 0]
                guard count < configuration.maxConnectionsPerIP else { return nil }
                state.bySubscriber[subscriber] = count + 1
            }
            state.total += 1
            return subscriber == nil ? .anywhere : .ofSubscriber
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

    /// The number of connections now.
    var total: Int { state.withLock(\.total) }
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
