// SPDX-License-Identifier: Apache-2.0

/// The network that a client belongs to, coarse enough to say where a session came from: /24, or /48 for IPv6.
package struct ClientNetwork: Hashable, CustomStringConvertible {
    private let block: AddressBlock

    /// Finds the network of a client; `nil` for a process of this host.
    package init?(_ client: PeerAddress) {
        guard case .ip(let address) = client else { return nil }
        switch address {
        case .version4: block = AddressBlock(containing: address, prefixLength: 24)
        case .version6: block = AddressBlock(containing: address, prefixLength: 48)
        }
    }

    package var description: String { block.description }
}
