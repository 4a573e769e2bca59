// SPDX-License-Identifier: Apache-2.0

/// Where the other end of a connection is.
package enum PeerAddress: Hashable, Sendable {
    /// A host.
    case ip(IPAddress)
    /// A process of this host, through a socket file.
    case local
}

extension PeerAddress: CustomStringConvertible {
    /// The address without port: `127.0.0.1`, `::1`, or `unix`.
    package var description: String {
        switch self {
        case .ip(let address): address.description
        case .local: "unix"
        }
    }
}
