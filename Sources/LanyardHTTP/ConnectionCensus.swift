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

    /// Counts a connection from `peer`, unless it is one more than `configuration` allows.
    ///
    /// - Returns: Whether it was counted; then ``remove(_:)`` is owed.
    func add(_ peer: PeerAddress, within configuration: ServerConfiguration) -> Bool {
        var limit = configuration.maxConnectionsPerIP
        if case .ip(let address) = peer, configuration.isExempt(address) { limit = .max }
        return state.withLock { state in
            guard state.total < configuration.maxConnections else { return false }
            if case .ip(let address) = peer {
                let count = state.bySubscriber[address.subscriber, default: 0]
                guard count < limit else { return false }
                state.bySubscriber[address.subscriber] = count + 1
            }
            state.total += 1
            return true
        }
    }

    /// Takes a connection from `peer` off the count.
    func remove(_ peer: PeerAddress) {
        state.withLock { state in
            state.total -= 1
            guard case .ip(let address) = peer, let count = state.bySubscriber[address.subscriber] else { return }
            state.bySubscriber[address.subscriber] = count > 1 ? count - 1 : nil
        }
    }

    /// The number of connections now.
    var total: Int { state.withLock(\.total) }
}
