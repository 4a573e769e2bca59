// SPDX-License-Identifier: Apache-2.0

package import LanyardHTTP

/// The settings of the management listener: `management.*`.
package struct ManagementSettings: Sendable {
    /// Where the (first) listener is bound; `nil` if there is none.
    package let listen: ListenAddress?

    /// Reads the group; a listener that is inherited stands for one that is set, and the default follows from the first
    /// public one.
    package init(
        from reader: inout SettingReader, firstListener: ListenAddress?, inherited: ListenAddress? = nil
    ) throws(SettingsError) {
        let given = try reader.readIfSet(.listen, as: SettingKind<ManagementListener>.managementListener)
        if let inherited {
            listen = inherited
            return
        }
        switch given {
        case .address(let address)?: listen = address
        case .off?: listen = nil
        case nil:
            let port = firstListener?.port ?? 8_080
            guard port < UInt16.max else {
                throw .contradiction(
                    name: Setting.listen.name, origin: .fallback,
                    rule: "there is no port behind 65535 for the management listener; set it, or set it to off")
            }
            let address = ListenAddress.loopback(port: port == 0 ? 0 : port + 1)
            reader.record("\(address)", for: Setting.listen.key)
            listen = address
        }
    }
}

/// What `management.listen` says.
private enum ManagementListener {
    case off
    case address(ListenAddress)
}

extension SettingKind<ManagementListener> {
    fileprivate static let managementListener = Self("off, or \(SettingKind<ListenAddress>.listenAddress.allowed)") {
        $0 == "off" ? .off : SettingKind<ListenAddress>.listenAddress.parse($0).map { .address($0) }
    }
}

extension Setting {
    fileprivate static let listen = Self(
        "management.listen",
        help: """
            Where /metrics, the health checks and the admin API are: HOST:PORT, [IPV6]:PORT, unix:/PATH or off. When \
            not set: 127.0.0.1 and the port after that of the first listener.
            """)
}
