// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
package import LanyardHTTP

extension ListenAddress {
    /// The IPv4 address that only this machine reaches, 127.0.0.1.
    package static func loopback(port: UInt16) -> Self { .tcp(.address(.version4(0x7F00_0001)), port: port) }

    /// The port, if it has one.
    package var port: UInt16? {
        guard case .tcp(_, let port) = self else { return nil }
        return port
    }

    /// Whether clients cannot be told this address: every address of the machine, or a file.
    package var isUnnamed: Bool {
        switch self {
        case .tcp(.address(let address), _): address.isWildcard
        case .tcp(.name, _): false
        case .unix: true
        }
    }

    /// Whether it is one of those that `localhost` stands for.
    package var isPartOfLocalhost: Bool {
        switch self {
        case .tcp(.address(let address), _):
            address == .version4(0x7F00_0001) || address == .version6(high: 0, low: 1)
        case .tcp(.name(let name), _): name == "localhost"
        case .unix: false
        }
    }

    /// Whether only this machine reaches it.
    package var isLocal: Bool {
        switch self {
        case .tcp(.address(let address), _): address.isLoopback
        case .tcp(.name(let name), _): name == "localhost"
        case .unix: true
        }
    }
}

extension ListenAddress.Host {
    /// The host as a URL writes it: IPv6 in brackets (RFC 3986 §3.2.2).
    package var urlText: String {
        switch self {
        case .address(.version4(let bits)): "\(IPAddress.version4(bits))"
        case .address(let address): "[\(address)]"
        case .name(let name): name
        }
    }
}

extension SettingKind<ListenAddress> {
    /// The address of a listener.
    package static let listenAddress = Self("HOST:PORT, [IPV6]:PORT or unix:/PATH") { text in
        guard !text.unicodeScalars.contains(where: \.isControl) else { return nil }
        return try? ListenAddress(text)
    }
}
