// SPDX-License-Identifier: Apache-2.0

package import LanyardBase

/// An address to listen on, as a setting names it.
package enum ListenAddress: Hashable, Sendable {
    /// A host and a port; port 0 takes a free one.
    case tcp(Host, port: UInt16)
    /// A socket file.
    case unix(path: String)

    /// The part before the port.
    package enum Host: Hashable, Sendable {
        /// A literal address.
        case address(IPAddress)
        /// A name, `localhost` among them, which stands for all its addresses.
        case name(String)
    }

    /// Creates an address from `HOST:PORT`, `[::1]:8080`, `localhost:8080` or `unix:/path`.
    ///
    /// - Throws: ``ServerError/invalidAddress(_:)`` for anything else; names are not looked up here.
    package init(_ text: String) throws(ServerError) {
        if text.utf8.starts(with: "unix:".utf8) {
            let path = String(text.dropFirst(5))
            // sun_path has 108 bytes, the last of which is NUL (unix(7)).
            guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= 107, !path.utf8.contains(0) else {
                throw .invalidAddress(text)
            }
            self = .unix(path: path)
            return
        }
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = Self.port(text.utf8[text.utf8.index(after: colon)...]),
            let host = Self.host(text[..<colon])
        else { throw .invalidAddress(text) }
        self = .tcp(host, port: port)
    }

    /// Creates the address that a socket is bound to.
    package init(_ bound: BoundAddress) {
        switch bound {
        case .ip(let address, let port): self = .tcp(.address(address), port: port)
        case .unix(let path): self = .unix(path: path)
        }
    }

    private static func port(_ digits: Substring.UTF8View) -> UInt16? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt16(Substring(digits))
    }

    private static func host(_ text: Substring) -> Host? {
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]") else { return nil }
            let literal = String(text.dropFirst().dropLast())
            guard literal.utf8.contains(UInt8(ascii: ":")) else { return nil }
            return IPAddress(literal).map(Host.address)
        }
        // inet_aton reads `1` and `127.1` as addresses; here digits and dots are four numbers or a mistake.
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }) {
            return IPAddress(String(text)).map(Host.address)
        }
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isName, (1...253).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-") else { return nil }
        return .name(text.lowercased())
    }
}

extension ListenAddress: CustomStringConvertible {
    /// The text that the address is made from.
    package var description: String {
        switch self {
        case .tcp(.address(.version4(let bits)), let port): "\(IPAddress.version4(bits)):\(port)"
        case .tcp(.address(let address), let port): "[\(address)]:\(port)"
        case .tcp(.name(let name), let port): "\(name):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
