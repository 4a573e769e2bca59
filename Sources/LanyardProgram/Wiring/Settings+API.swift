// SPDX-License-Identifier: Apache-2.0

internal import LanyardAPI
internal import LanyardBase
internal import LanyardCore
internal import LanyardHTTP
internal import LanyardStore
internal import LanyardWeb

extension Settings {
    /// What the rules need to know of the settings.
    ///
    /// - Parameter port: The port that the first listener has got.
    /// - Returns: The configuration of both interfaces.
    /// - Throws: A failure with status 78 if the blocklist cannot be read.
    func apiConfiguration(port: UInt16?) throws(Failure) -> APIConfiguration {
        var configuration = APIConfiguration(policies: try policies(port: port), allowedOrigins: allowedOrigins)
        configuration.trustedProxies = trustedProxies
        configuration.release = Version.current
        // In development there is no TLS; a name that demands `Secure` of a cookie has it all the same (RFC 6265bis §4.1.3).
        configuration.cookies = SessionCookies(
            name: sessions.cookieName, sameSite: sessions.cookieSameSite.rawValue,
            isSecure: !isDevelopment || sessions.cookieName.hasPrefix("__"))
        // A browser would keep it for the developer's other servers on localhost too, whatever their ports (RFC 6797 §8.3).
        configuration.demandsTLS = hasTLS && !isDevelopment
        configuration.isDevelopment = isDevelopment
        return configuration
    }

    private func policies(port: UInt16?) throws(Failure) -> Policies {
        let issuer = issuer(port: port)
        var tokens = TokenPolicy(
            issuer: IssuerURL(issuer.text, origin: issuer.origin, path: issuer.path),
            accessLifetime: tokens.accessLifetime, audience: tokens.audiences, type: tokens.type.rawValue)
        tokens.status = statusPolicy
        var policies = Policies(
            tokens: tokens,
            sessions: SessionPolicy(
                lifetimes: sessionLifetimes, maximumPerAccount: sessions.maximumPerAccount,
                requiresAccessToken: sessions.requiresAccessToken),
            passwords: try passwordPolicy())
        policies.tryLimits = abuse.tryLimits
        return policies
    }

    /// Who is believed about the client's address.
    var trustedProxies: TrustedProxies { TrustedProxies(http.trustedProxies) }

    /// What the status lists are like; `nil` if there are none.
    var statusPolicy: StatusPolicy? { status.isEnabled ? StatusPolicy(ttl: status.ttl) : nil }

    /// How signing keys live.
    var keyPolicy: KeyPolicy {
        KeyPolicy(
            algorithm: keys.algorithm, rsaBits: keys.rsaBits, rotationInterval: keys.rotationInterval,
            publishLead: keys.publishLead, accessLifetime: tokens.accessLifetime,
            statusTokenLifetime: statusPolicy?.lifetime ?? .zero,
            sessionLifetime: sessions.absoluteLifetime)
    }

    /// How long sessions last.
    var sessionLifetimes: SessionLifetimes {
        SessionLifetimes(
            idle: sessions.idleLifetime, absolute: sessions.absoluteLifetime, refreshGrace: sessions.refreshGrace)
    }

    /// The origins that may call with credentials.
    var allowedOrigins: AllowedOrigins {
        // Loopback pages are the developer's own; a development server that others reach allows only what is set.
        AllowedOrigins(http.allowedOrigins, allowsLoopback: isDevelopment && isLoopbackOnly)
    }

    /// Whether only this machine reaches the public listeners.
    var isLoopbackOnly: Bool { http.listen.allSatisfy(\.isLocal) }

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

extension AbuseSettings {
    /// How often a name may fail to prove itself; `nil` if that is not counted.
    var tryLimits: TryLimits? {
        guard isEnabled else { return nil }
        var limits = TryLimits()
        limits.freeTries = freeTries
        limits.firstDelay = firstDelay
        limits.longestDelay = longestDelay
        limits.networkFailures = networkFailures
        limits.accountFailures = accountFailures
        limits.forgetting = forgetting
        return limits
    }
}
