// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// The client of a request, as far as use cases and the log need to know it.
package struct Caller: Sendable {
    /// Returns the client's address; few use cases ask.
    let address: @Sendable () -> PeerAddress
    /// Records an event that the request has caused.
    let record: @Sendable (Event) -> Void

    /// Creates a caller.
    package init(address: @escaping @Sendable () -> PeerAddress, record: @escaping @Sendable (Event) -> Void) {
        self.address = address
        self.record = record
    }

    /// The client's network, as a session shows it to its owner; `nil` for a process of this host.
    var network: String? { ClientNetwork(address())?.description }
}
