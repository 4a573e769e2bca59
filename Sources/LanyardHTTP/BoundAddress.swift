// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// One address that a socket is, or is to be, bound to.
package enum BoundAddress: Hashable, Sendable {
    /// An address and a port.
    case ip(IPAddress, port: UInt16)
    /// A socket file; a path that begins with `@` is an abstract one, without a file.
    case unix(path: String)

    /// The port, or `nil` for a socket file.
    package var port: UInt16? {
        guard case .ip(_, let port) = self else { return nil }
        return port
    }
}

extension BoundAddress: CustomStringConvertible {
    /// A base URL, `http://127.0.0.1:8080` or `http://[::1]:8080`, or `unix:/path`.
    package var description: String { url(scheme: "http") }

    /// Returns a base URL with that scheme, or `unix:/path`.
    package func url(scheme: String) -> String {
        switch self {
        case .ip(.version4(let bits), let port): "\(scheme)://\(IPAddress.version4(bits)):\(port)"
        case .ip(let address, let port): "\(scheme)://[\(address)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
