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
        /// Among all, and among those of its subscriber.
        case subscriber(IPAddress)
    }

    /// Counts a connection from `peer`, unless it is one more than `configuration` allows.
    ///
    /// - Returns: Its place, which is to be given back, or `nil` if there is none.
    func take(for peer: PeerAddress, within configuration: ServerConfiguration) -> Place? {
        let place = configuration.place(of: peer)
        return state.withLock { state in
            guard state.total < configuration.maxConnections else { return nil }
            if case .subscriber(let address) = place {
                let count = state.bySubscriber[address, default: 0]
                guard count < configuration.maxConnectionsPerIP else { return nil }
                state.bySubscriber[address] = count + 1
            }
            state.total += 1
            return place
        }
    }

    /// Gives a place back.
    func leave(_ place: Place) {
        state.withLock { state in
            state.total -= 1
            guard case .subscriber(let address) = place, let count = state.bySubscriber[address] else { return }
            state.bySubscriber[address] = count > 1 ? count - 1 : nil
        }
    }

    /// The number of connections now.
    var total: Int { state.withLock(\.total) }
}

extension ServerConfiguration {
    fileprivate func place(of peer: PeerAddress) -> ConnectionCensus.Place {
        // Behind a proxy there are many clients, and its own address says nothing about them.
        guard case .ip(let address) = peer, !isExempt(address), !requiresProxyHeader(peer) else { return .anywhere }
        return .subscriber(address.subscriber)
    }
}
