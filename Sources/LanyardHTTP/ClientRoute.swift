// SPDX-License-Identifier: Apache-2.0

/// How a ``Client`` reaches the server of a URL.
package enum ClientRoute: Equatable, Sendable {
    /// At the addresses that the host of the URL has.
    case network
    /// At the socket file with this path, whatever the host of the URL is.
    case unix(path: String)
}
