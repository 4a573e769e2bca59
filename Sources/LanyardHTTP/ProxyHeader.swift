// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// What a proxy says about a connection before the connection's own first byte: the PROXY protocol, versions 1 and 2.
///
/// A receiver is told that the header comes, and never guesses (§5): where it is expected, anything else is malformed.
///
/// Source: "The PROXY protocol, versions 1 & 2", HAProxy, `doc/proxy-protocol.txt`.
package enum ProxyHeader {
    /// What the first bytes of a connection are.
    package enum Reading: Equatable, Sendable {
        /// The beginning of a header.
        case needMore
        /// A header of `length` bytes, behind which the connection proper begins.
        ///
        /// `source` is where the client is: a process of the proxy's own host for a socket file. `nil` says that the peer of
        /// the connection speaks for itself: a check by the proxy, or a client of which it knows no address.
        case header(source: PeerAddress?, length: Int)
        /// No header, whatever follows; the connection is to be aborted.
        case malformed
    }

    /// The most bytes that a header has; so many are never ``Reading/needMore``.
    package static let maximumBytes = ProxyBlock.maximumBytes

    /// Reads the header that `bytes`, a connection's first ones, begin with.
    ///
    /// A line is decided by the first byte that cannot be right, and a block by its first 16 bytes or its last one. What is
    /// decided about some bytes stays so, whatever follows them.
    package static func read(_ bytes: Span<UInt8>) -> Reading {
        guard bytes.count > 0 else { return .needMore }
        do throws(Stop) {
            switch bytes[0] {
            case UInt8(ascii: "P"): return try ProxyLine.read(bytes)
            case 0x0D: return try ProxyBlock.read(bytes)
            default: return .malformed
            }
        } catch {
            switch error {
            case .needMore: return .needMore
            case .malformed: return .malformed
            }
        }
    }

    /// Why no header was read.
    enum Stop: Error {
        case needMore, malformed
    }
}
