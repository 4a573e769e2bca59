// SPDX-License-Identifier: Apache-2.0

internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardWeb

extension Settings {
    /// The limits of the public listeners.
    func publicServer(loops: Int, tls: TLSServerContext?) -> ServerConfiguration {
        var configuration = server(at: publicAddresses, loops: loops, tls)
        if http.proxyProtocol {
            let proxies = trustedProxies
            configuration.requiresProxyHeader = { proxies.contains($0) }
        }
        return configuration
    }

    private var publicAddresses: [ListenAddress] {
        guard isDevelopment else { return http.listen }
        // Browsers try both loopback addresses for localhost, which is the issuer's name in development.
        var addresses: [ListenAddress] = []
        for address in http.listen {
            var both = [address]
            if address.isLocal, let port = address.port {
                let localhost = ListenAddress.tcp(.name("localhost"), port: port)
                both = address.isPartOfLocalhost ? [localhost] : [localhost, address]
            }
            addresses += both.filter { !addresses.contains($0) }
        }
        return addresses
    }

    /// The limits of the management listener, which is asked without a proxy between: it reads no PROXY header.
    func managementServer(at address: ListenAddress, tls: TLSServerContext?) -> ServerConfiguration {
        server(at: [address], loops: 1, tls)
    }

    private func server(
        at addresses: [ListenAddress], loops: Int, _ tls: TLSServerContext?
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration(listen: addresses, loops: loops)
        configuration.tls = tls
        configuration.handshakeTimeout = http.handshakeTimeout
        configuration.headerTimeout = http.headerTimeout
        configuration.bodyTimeout = http.bodyTimeout
        configuration.idleTimeout = http.idleTimeout
        configuration.maxConnections = http.maximumConnections
        configuration.maxConnectionsPerIP = http.maximumConnectionsPerAddress
        configuration.maxRequestsPerConnection = http.maximumRequestsPerConnection
        configuration.drainDelay = http.drainDelay
        configuration.drainTimeout = http.drainTimeout
        let proxies = trustedProxies
        configuration.isExempt = { proxies.contains(.ip($0)) }
        return configuration
    }
}
