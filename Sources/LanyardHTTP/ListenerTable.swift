// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LanyardBase

/// The listeners of a server: a row for each endpoint, a column for each loop.
struct ListenerTable: Sendable {
    private var rows: [[Listener]] = []
    private let loops: Int

    /// Takes `inherited` over, and listens on every address of `configuration`, once for each loop.
    init(_ configuration: ServerConfiguration, inheriting inherited: [Listener]) throws(ServerError) {
        loops = configuration.loops
        rows = inherited.map { Array(repeating: $0, count: configuration.loops) }
        let version4Ports = Set(configuration.listen.compactMap(\.version4Port))
        for address in configuration.listen {
            let endpoints = try address.endpoints()
            // An IPv6 wildcard takes IPv4 too, unless somebody else is asked to.
            let isDualStack = !endpoints.contains { $0.port.map(version4Ports.contains) ?? false }
            for first in try Self.listen(on: endpoints, isDualStack: isDualStack) {
                rows.append(try Self.row(beginningWith: first, columns: loops, isDualStack: isDualStack))
            }
        }
    }

    /// Where connections are accepted.
    var endpoints: [BoundAddress] { rows.compactMap(\.first?.endpoint) }

    /// The listeners of one loop; those of socket files, and inherited ones, are common to all.
    func listeners(ofLoop index: Int) -> [Listener] {
        rows.map { $0[index] }
    }

    private static func row(
        beginningWith first: Listener, columns: Int, isDualStack: Bool
    ) throws(ServerError) -> [Listener] {
        var row = [first]
        while row.count < columns {
            row.append(first.isShared ? first : try first.sibling(isDualStack: isDualStack))
        }
        return row
    }

    /// Listens on the endpoints of one address, all on one port.
    private static func listen(on endpoints: [BoundAddress], isDualStack: Bool) throws(ServerError) -> [Listener] {
        var attempts = 0
        while true {
            attempts += 1
            do throws(ServerError) {
                return try listenOnce(on: endpoints, isDualStack: isDualStack)
            } catch .addressInUse(let endpoint) where endpoints.first?.port == 0 && attempts < 8 {
                // The free port of the first address was taken on the second: another one.
                _ = endpoint
            }
        }
    }

    private static func listenOnce(on endpoints: [BoundAddress], isDualStack: Bool) throws(ServerError) -> [Listener] {
        var listeners: [Listener] = []
        for endpoint in endpoints {
            do throws(ServerError) {
                let port = listeners.first?.endpoint.port ?? endpoint.port
                listeners.append(try .first(at: endpoint.withPort(port), isDualStack: isDualStack))
            } catch .cannotListen(_, errno: EADDRNOTAVAIL) where !listeners.isEmpty {
                // A name can have an address that this host lacks: `localhost` without IPv6.
            } catch .cannotListen(_, errno: EAFNOSUPPORT) where !listeners.isEmpty {
            }
        }
        return listeners
    }
}

extension ListenAddress {
    /// The port, if a literal IPv4 address takes it.
    fileprivate var version4Port: UInt16? {
        guard case .tcp(.address(.version4), let port) = self, port != 0 else { return nil }
        return port
    }
}

extension BoundAddress {
    fileprivate func withPort(_ port: UInt16?) -> BoundAddress {
        guard case .ip(let address, _) = self, let port else { return self }
        return .ip(address, port: port)
    }
}
