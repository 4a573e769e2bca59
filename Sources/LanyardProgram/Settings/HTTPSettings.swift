// SPDX-License-Identifier: Apache-2.0

package import LanyardBase
package import LanyardHTTP

/// The settings of the public listeners: `http.*`.
package struct HTTPSettings: Sendable {
    /// Where the listeners are bound; at least one.
    package internal(set) var listen: [ListenAddress]
    /// The PEM file of the certificate chain; with it, both listeners speak TLS.
    package internal(set) var tlsCertificate: String?
    /// The PEM file of the certificate's private key.
    package internal(set) var tlsKey: String?
    /// The proxies whose word about the client's address counts.
    package internal(set) var trustedProxies: [AddressBlock]
    /// Whether trusted proxies must send a PROXY header first.
    package internal(set) var proxyProtocol: Bool
    /// The origins that may call with credentials.
    package internal(set) var allowedOrigins: [String]
    /// Connections at one time.
    package internal(set) var maximumConnections: Int
    /// Connections at one time from one address.
    package internal(set) var maximumConnectionsPerAddress: Int
    /// Requests on one connection, 0 for any number.
    package internal(set) var maximumRequestsPerConnection: Int
    /// How long a TLS handshake or a PROXY header may take.
    package internal(set) var handshakeTimeout: Duration
    /// How long the head of a request may take.
    package internal(set) var headerTimeout: Duration
    /// How long the content of a request may take.
    package internal(set) var bodyTimeout: Duration
    /// How long a connection may wait for its next request.
    package internal(set) var idleTimeout: Duration
    /// How long connections are still accepted after the signal to stop.
    package internal(set) var drainDelay: Duration
    /// How long the process lives after the signal to stop, at most.
    package internal(set) var drainTimeout: Duration

    /// Reads the group; listeners that are inherited stand for those that are set.
    package init(from reader: inout SettingReader, inherited: [ListenAddress] = []) throws(SettingsError) {
        let listen = try reader.read(.listen, as: .list(of: .listenAddress))
        self.listen = inherited.isEmpty ? listen : inherited
        tlsCertificate = try reader.readIfSet(.tlsCertificate, as: .path)
        tlsKey = try reader.readIfSet(.tlsKey, as: .path)
        trustedProxies = try reader.readIfSet(.trustedProxies, as: .list(of: .addressBlock)) ?? []
        proxyProtocol = try reader.read(.proxyProtocol, as: .boolean)
        allowedOrigins = try reader.readIfSet(.allowedOrigins, as: .list(of: .origin)) ?? []
        maximumConnections = try reader.read(.maximumConnections, as: .integer(1...1_000_000))
        maximumConnectionsPerAddress = try reader.read(.maximumConnectionsPerAddress, as: .integer(1...1_000_000))
        maximumRequestsPerConnection = try reader.read(.maximumRequestsPerConnection, as: .integer(0...999_999_999))
        handshakeTimeout = try reader.read(.handshakeTimeout, as: .duration("1s", "1h"))
        headerTimeout = try reader.read(.headerTimeout, as: .duration("1s", "1h"))
        bodyTimeout = try reader.read(.bodyTimeout, as: .duration("1s", "1h"))
        idleTimeout = try reader.read(.idleTimeout, as: .duration("1s", "1h"))
        drainDelay = try reader.read(.drainDelay, as: .duration("0s", "1m"))
        drainTimeout = try reader.read(.drainTimeout, as: .duration("0s", "10m"))
    }
}

extension Setting {
    fileprivate static let listen = Self(
        "http.listen", default: "127.0.0.1:8080",
        help: """
            Where the service listens: HOST:PORT, [IPV6]:PORT or unix:/PATH, several with commas between them. Port 0 \
            takes a free port. A wildcard or a socket file in first place needs LANYARD_ISSUER. Sockets that systemd \
            passes stand for this; those named management for LANYARD_MANAGEMENT_LISTEN.
            """)
    fileprivate static let tlsCertificate = Self(
        "http.tls_certificate", .reloads,
        help: """
            PEM file with the certificate, and its chain behind it. With it and the key, all listeners speak TLS 1.2 and \
            1.3 only.
            """)
    fileprivate static let tlsKey = Self(
        "http.tls_key", .reloads,
        help: """
            PEM file with the private key of the certificate: RSA from 2048 bits on, P-256, P-384, P-521 or Ed25519, not \
            encrypted. Others must not be able to read it.
            """)
    fileprivate static let trustedProxies = Self(
        "http.trusted_proxies",
        help: """
            Address blocks of the proxies whose X-Forwarded-For is believed, read from the right. A peer on a socket \
            file is always trusted.
            """)
    fileprivate static let proxyProtocol = Self(
        "http.proxy_protocol", default: "false",
        help: """
            Whether each connection of a trusted proxy, one on a socket file too, begins with a PROXY header, version 1 \
            or 2. One that does not is closed. The management listener reads none.
            """)
    fileprivate static let allowedOrigins = Self(
        "http.allowed_origins", .reloads,
        help: """
            Origins of web pages that may call the service with credentials, exactly as browsers send them: \
            https://app.example.com,https://example.com:8443.
            """)
    fileprivate static let maximumConnections = Self(
        "http.max_connections", default: "10000", .reloads,
        help: """
            Connections at one time. For one more the longest idle one is closed, those of trusted proxies last; when none \
            is idle it is answered with 503. Lowered at start to what fits the limit on file descriptors.
            """)
    fileprivate static let maximumConnectionsPerAddress = Self(
        "http.max_connections_per_ip", default: "1000", .reloads,
        help: """
            Connections at one time from one address; one more is answered with 503. Trusted proxies are not counted.
            """)
    fileprivate static let maximumRequestsPerConnection = Self(
        "http.max_requests_per_connection", default: "0", .reloads,
        help: "Requests after which a connection is closed; 0 means never.")
    fileprivate static let handshakeTimeout = Self(
        "http.handshake_timeout", default: "5s", .reloads, help: "How long a TLS handshake or a PROXY header may take.")
    fileprivate static let headerTimeout = Self(
        "http.header_timeout", default: "10s", .reloads,
        help: """
            How long the head of a request may take; for the first of a connection, from the moment that it is accepted.
            """)
    fileprivate static let bodyTimeout = Self(
        "http.body_timeout", default: "15s", .reloads, help: "How long the content of a request may take.")
    fileprivate static let idleTimeout = Self(
        "http.idle_timeout", default: "75s", .reloads,
        help: """
            How long a connection may wait for its next request; keep it longer than a proxy in front does (usually 60s), \
            which must close first.
            """)
    fileprivate static let drainDelay = Self(
        "http.drain_delay", default: "0s",
        help: """
            How long the service still accepts connections after SIGTERM while /readyz already says no, so that load \
            balancers see it. 5s is usual under Kubernetes.
            """)
    fileprivate static let drainTimeout = Self(
        "http.drain_timeout", default: "20s", .reloads,
        help: "How long requests in flight may take to finish after SIGTERM.")
}
